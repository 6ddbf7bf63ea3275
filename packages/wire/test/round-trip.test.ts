// Goal: the codec and its naive twin agree on every message and on every stream, good or bad.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import {
  decodeMessage,
  encodeMessage,
  encodeMessageInto,
  FrameDecoder,
  messageBytes,
  WireError,
} from '../src/index.js';
import { arbitraryMessage, arbitraryStream } from './arbitrary-message.js';
import { naiveDecode, naiveEncode } from './naive-codec.js';

const RUNS = { numRuns: 2000 };

describe('any message', () => {
  it('is the same after encoding and decoding', () => {
    fc.assert(
      fc.property(arbitraryMessage, (message) => {
        const bytes = encodeMessage(message);
        expect(bytes.length).toBe(messageBytes(message));
        expect(new FrameDecoder().push(bytes)).toEqual([message]);
        expect(decodeMessage(bytes.subarray(4))).toEqual(message);
      }),
      RUNS,
    );
  });

  it('is encoded as the naive twin encodes it', () => {
    fc.assert(
      fc.property(arbitraryMessage, (message) => {
        expect(encodeMessage(message)).toEqual(naiveEncode(message));
      }),
      RUNS,
    );
  });

  it('can be written into a shared buffer without touching its neighbours', () => {
    fc.assert(
      fc.property(arbitraryMessage, fc.nat({ max: 20 }), (message, offset) => {
        const target = new Uint8Array(messageBytes(message) + 40).fill(0xaa);
        const written = encodeMessageInto(message, target, offset);
        expect(target.slice(offset, offset + written)).toEqual(encodeMessage(message));
        target.fill(0xaa, offset, offset + written);
        expect(target.every((byte) => byte === 0xaa)).toBe(true);
      }),
      RUNS,
    );
  });
});

describe('any stream', () => {
  it('is decoded as the naive twin decodes it, with or without a piece count', () => {
    const pieceCount = fc.option(fc.nat({ max: 40 }), { nil: undefined });
    fc.assert(
      fc.property(arbitraryStream, pieceCount, (stream, count) => {
        expect(decodeAll(new FrameDecoder(count === undefined ? {} : { pieceCount: count }), stream)).toEqual(
          naiveDecode(stream, count),
        );
      }),
      { numRuns: 5000 },
    );
  });

  it('comes out the same however it is cut', () => {
    fc.assert(
      fc.property(
        fc.array(arbitraryMessage, { maxLength: 8 }),
        fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 1 }),
        (list, cuts) => {
          const stream = Uint8Array.from(list.flatMap((message) => [...encodeMessage(message)]));
          const decoder = new FrameDecoder();
          const messages = [];
          for (let offset = 0, turn = 0; offset < stream.length; turn++) {
            const end = offset + (cuts[turn % cuts.length] ?? 1);
            messages.push(...structuredClone(decoder.push(stream.slice(offset, end))));
            offset = end;
          }
          expect(messages).toEqual(list);
          expect(decoder.bufferedBytes).toBe(0);
        },
      ),
      RUNS,
    );
  });
});

/** Byte by byte, so that what was decoded before an error is known. */
function decodeAll(decoder: FrameDecoder, stream: Uint8Array): ReturnType<typeof naiveDecode> {
  const messages: Record<string, unknown>[] = [];
  for (const byte of stream) {
    try {
      messages.push(...decoder.push(Uint8Array.of(byte)).map((message) => structuredClone({ ...message })));
    } catch (error) {
      if (!(error instanceof WireError)) throw error;
      return { messages, error: error.code };
    }
  }
  return { messages };
}
