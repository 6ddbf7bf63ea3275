// Goal: where a chunk ends has no influence on what is decoded.
// Method: exhaustive. Every vector is cut at every byte, and at every pair of bytes; all vectors in one stream are fed in chunks of
// every size from 1 to 64 bytes.
import { describe, expect, it } from 'vitest';

import { fromHex, FrameDecoder, type Message } from '../src/index.js';
import { readVectors } from './read-vectors.js';

const { messages } = readVectors();
const frames = [...messages.cases, ...messages.receivedOnly].map(({ name, bytes }) => ({
  name,
  bytes: fromHex(bytes),
}));
const stream = Uint8Array.from(frames.flatMap(({ bytes }) => [...bytes]));

describe.each(frames)('$name', ({ bytes }) => {
  const [whole] = new FrameDecoder().push(bytes);

  it('is the same when cut at any byte', () => {
    for (let cut = 0; cut <= bytes.length; cut++) {
      expect(feed([bytes.slice(0, cut), bytes.slice(cut)])).toEqual([whole]);
    }
  });

  it('is the same when cut at any two bytes of its first 40', () => {
    for (let first = 0; first <= Math.min(40, bytes.length); first++) {
      for (let second = first; second <= Math.min(40, bytes.length); second++) {
        expect(feed([bytes.slice(0, first), bytes.slice(first, second), bytes.slice(second)])).toEqual([whole]);
      }
    }
  });
});

describe('all vectors in one stream', () => {
  const expected = new FrameDecoder().push(stream);

  it('has one message for each vector', () => {
    expect(expected).toHaveLength(frames.length);
  });

  it.each(Array.from({ length: 64 }, (_, index) => index + 1))('is the same in chunks of %i bytes', (size) => {
    const chunks = [];
    for (let offset = 0; offset < stream.length; offset += size) chunks.push(stream.slice(offset, offset + size));
    expect(feed(chunks)).toEqual(expected);
  });
});

/** Copies what each push returns before the next one, as a careful reader must. */
function feed(chunks: readonly Uint8Array[]): Message[] {
  const decoder = new FrameDecoder();
  const decoded = chunks.flatMap((chunk) => structuredClone(decoder.push(chunk)));
  expect(decoder.bufferedBytes).toBe(0);
  return decoded;
}
