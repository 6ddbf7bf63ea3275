import { describe, expect, it } from 'vitest';

import {
  encodeMessage,
  FrameDecoder,
  MAX_FRAME_BYTES,
  MAX_PIECE_COUNT,
  type Message,
  WireError,
} from '../src/index.js';

const block: Message = { type: 'piece', piece: 1, begin: 16_384, data: new Uint8Array(16_384).fill(7) };

describe('FrameDecoder', () => {
  it('returns views into the chunk for frames that lie whole in it', () => {
    const chunk = encodeMessage(block);
    const [message] = new FrameDecoder().push(chunk);
    expect(dataOf(message).buffer).toBe(chunk.buffer);
  });

  it('returns plain Uint8Arrays, also from a Buffer', () => {
    const [message] = new FrameDecoder().push(Buffer.from(encodeMessage(block)));
    expect(Object.getPrototypeOf(dataOf(message))).toBe(Uint8Array.prototype);
  });

  it('keeps a split frame valid beside the beginning of the next one in the same chunk', () => {
    const decoder = new FrameDecoder();
    const bytes = encodeMessage(block);
    const other = encodeMessage({ type: 'piece', piece: 2, begin: 0, data: new Uint8Array(16_384).fill(9) });
    decoder.push(bytes.subarray(0, 100));
    const messages = decoder.push(concat(bytes.subarray(100), other.subarray(0, 9000)));
    expect(messages).toEqual([block]);
    expect(decoder.bufferedBytes).toBe(9000);
    expect(decoder.push(other.subarray(9000))).toMatchObject([{ type: 'piece', piece: 2 }]);
  });

  it('holds nothing between whole frames', () => {
    const decoder = new FrameDecoder();
    decoder.push(encodeMessage(block));
    expect(decoder.bufferedBytes).toBe(0);
  });

  it('uses its buffer again instead of growing with what passes through', () => {
    const decoder = new FrameDecoder();
    const bytes = encodeMessage(block);
    const buffers = new Set<ArrayBufferLike>();
    for (let round = 0; round < 50; round++) {
      decoder.push(bytes.subarray(0, 10 + round));
      for (const message of decoder.push(bytes.subarray(10 + round))) buffers.add(dataOf(message).buffer);
    }
    expect(buffers.size).toBe(2);
    for (const buffer of buffers) expect(buffer.byteLength).toBe(4 + 9 + 16_384);
  });

  it('gives back the room that one long frame needed', () => {
    const decoder = new FrameDecoder();
    const long = encodeMessage({ type: 'extended', extensionId: 1, payload: new Uint8Array(500_000) });
    const bytes = encodeMessage(block);
    decoder.push(long.subarray(0, 5));
    decoder.push(long.subarray(5));
    const sizes = [1, 2, 3].flatMap(() => {
      decoder.push(bytes.subarray(0, 50));
      return decoder.push(bytes.subarray(50)).map((message) => dataOf(message).buffer.byteLength);
    });
    expect(sizes).toEqual([16_397, 16_397, 16_397]);
  });

  it('copies each byte of a split frame once, and no byte of a whole one', () => {
    for (const size of [1, 2, 7, 100, 4096, 16_000, 16_397, 50_000]) {
      const stream = concat(...Array.from({ length: 20 }, () => encodeMessage(block)));
      const decoder = new FrameDecoder();
      CountingChunk.copied = 0;
      for (let offset = 0; offset < stream.length; offset += size) {
        decoder.push(CountingChunk.from(stream.subarray(offset, offset + size)));
      }
      // The five bytes of a header that is cut are copied one by one, so they are not in the count.
      expect(CountingChunk.copied).toBeLessThanOrEqual(stream.length);
      if (size === 16_397) expect(CountingChunk.copied).toBe(0);
      if (size === 1) expect(CountingChunk.copied).toBeGreaterThan(stream.length - 20 * 5 - 1);
    }
  });

  it('refuses a length of 2^31 and above as unsigned', () => {
    for (const prefix of [0x80000000, 0x80000001, 0xffffffff]) {
      expect(codeOf(() => new FrameDecoder().push(header(prefix)))).toBe('frame-too-long');
    }
  });

  it('refuses at the byte that decides, and has kept no payload', () => {
    const decoder = new FrameDecoder();
    decoder.push(header(0x7fffffff).subarray(0, 3));
    expect(codeOf(() => decoder.push(Uint8Array.of(0xff)))).toBe('frame-too-long');
    expect(decoder.bufferedBytes).toBe(0);
  });

  it.each([
    ['choke', 0, 2],
    ['have', 4, 4],
    ['request', 6, 12],
    ['piece', 7, 16_394],
    ['extended', 20, 524_289],
    ['an unknown id', 200, 65_537],
  ])('refuses a wrong length of %s before its payload', (_, id, length) => {
    expect(codeOf(() => new FrameDecoder().push(header(length, id)))).toMatch(/^(bad-length|frame-too-long)$/);
  });

  it('accepts every length up to a bound and refuses all above, for every id', () => {
    const lengths = [
      1, 2, 3, 5, 9, 10, 13, 16_393, 16_394, 65_536, 65_537, 262_145, 262_146, 524_288, 524_289, 1_048_576,
    ];
    const accepted = (id: number): number[] =>
      lengths.filter((length) => codeOf(() => new FrameDecoder().push(header(length, id))) === undefined);
    for (let id = 0; id < 256; id++) expect(accepted(id), `id ${id}`).toEqual(acceptedLengths(id, lengths));
  });

  it('knows the one length of a bitfield once it knows the piece count', () => {
    const bits = (count: number): Uint8Array => encodeMessage({ type: 'bitfield', bits: new Uint8Array(count) });
    expect(new FrameDecoder({ pieceCount: 17 }).push(bits(3))).toHaveLength(1);
    expect(codeOf(() => new FrameDecoder({ pieceCount: 17 }).push(bits(2)))).toBe('bad-length');
    const decoder = new FrameDecoder();
    decoder.push(bits(2));
    decoder.setPieceCount(17);
    expect(codeOf(() => decoder.push(bits(2)))).toBe('bad-length');
  });

  it('holds a bitfield that was half here to the piece count as well', () => {
    const decoder = new FrameDecoder();
    const bytes = encodeMessage({ type: 'bitfield', bits: new Uint8Array(2) });
    decoder.push(bytes.subarray(0, 6));
    decoder.setPieceCount(17);
    expect(codeOf(() => decoder.push(bytes.subarray(6)))).toBe('bad-length');
  });

  it('takes a lower bound for every frame', () => {
    const decoder = new FrameDecoder({ maxFrameBytes: 100 });
    expect(decoder.push(header(100, 20))).toEqual([]);
    expect(codeOf(() => new FrameDecoder({ maxFrameBytes: 100 }).push(header(101, 20)))).toBe('frame-too-long');
  });

  it('stays dead after an error, and repeats it', () => {
    const decoder = new FrameDecoder();
    const failure = errorOf(() => decoder.push(header(2, 0)));
    expect(failure).toBeInstanceOf(WireError);
    expect(errorOf(() => decoder.push(encodeMessage({ type: 'choke' })))).toBe(failure);
  });

  it('says what is wrong with a limit', () => {
    expect(() => new FrameDecoder({ maxFrameBytes: 0 })).toThrow(RangeError);
    expect(() => new FrameDecoder({ maxFrameBytes: MAX_FRAME_BYTES + 1 })).toThrow(
      /maxFrameBytes: expected .* got 1048577/,
    );
    expect(() => new FrameDecoder({ pieceCount: MAX_PIECE_COUNT + 1 })).toThrow(RangeError);
    expect(() => {
      new FrameDecoder().setPieceCount(-1);
    }).toThrow(/pieceCount/);
  });

  it('takes an empty chunk for nothing', () => {
    expect(new FrameDecoder().push(new Uint8Array(0))).toEqual([]);
  });
});

/** Counts the bytes that a decoder takes out of it to keep them. */
class CountingChunk extends Uint8Array {
  static copied = 0;

  override subarray(begin = 0, end = this.length): Uint8Array<ArrayBuffer> {
    CountingChunk.copied += Math.max(0, end - begin);
    return new Uint8Array(this.buffer, this.byteOffset + begin, Math.max(0, end - begin));
  }
}

function acceptedLengths(id: number, lengths: readonly number[]): number[] {
  const one = (length: number): number[] => [length];
  if ([0, 1, 2, 3, 14, 15].includes(id)) return one(1);
  if ([4, 13, 17].includes(id)) return one(5);
  if ([6, 8, 16].includes(id)) return one(13);
  if (id === 9) return one(3);
  if (id === 5) return lengths.filter((length) => length <= 262_145);
  if (id === 7) return lengths.filter((length) => length >= 10 && length <= 16_393);
  if (id === 20) return lengths.filter((length) => length >= 2 && length <= 524_288);
  return lengths.filter((length) => length <= 65_536);
}

function header(length: number, id = 0): Uint8Array {
  const bytes = new Uint8Array(5);
  new DataView(bytes.buffer).setUint32(0, length);
  bytes[4] = id;
  return bytes;
}

function dataOf(message: Message | undefined): Uint8Array {
  if (message?.type !== 'piece') throw new Error(`expected a piece, got ${message?.type ?? 'nothing'}`);
  return message.data;
}

function concat(...parts: readonly Uint8Array[]): Uint8Array {
  return Uint8Array.from(parts.flatMap((part) => [...part]));
}

function errorOf(action: () => unknown): WireError | undefined {
  try {
    action();
    return undefined;
  } catch (error) {
    if (error instanceof WireError) return error;
    throw error;
  }
}

function codeOf(action: () => unknown): string | undefined {
  return errorOf(action)?.code;
}
