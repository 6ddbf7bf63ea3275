import { describe, expect, it } from 'vitest';

import { decodeHandshake, encodeHandshake, type Handshake, HandshakeDecoder, WireError } from '../src/index.js';

const handshake: Handshake = {
  infoHash: Uint8Array.from({ length: 20 }, (_, index) => index),
  peerId: Uint8Array.from({ length: 20 }, (_, index) => 100 + index),
  supportsExtended: true,
  supportsFast: true,
  supportsDht: false,
};
const bytes = encodeHandshake(handshake);

describe('HandshakeDecoder', () => {
  it('is whole at the 68th byte, wherever the chunks end, and hands on the rest', () => {
    const stream = Uint8Array.from([...bytes, 1, 2, 3]);
    for (let cut = 0; cut < 68; cut++) {
      const decoder = new HandshakeDecoder();
      expect(decoder.push(stream.subarray(0, cut))).toBeUndefined();
      expect(decoder.push(stream.subarray(cut))).toEqual({ handshake, rest: Uint8Array.of(1, 2, 3) });
    }
  });

  it('takes it byte by byte', () => {
    const decoder = new HandshakeDecoder();
    const outcomes = Array.from(bytes, (byte) => decoder.push(Uint8Array.of(byte)));
    expect(outcomes.slice(0, 67).every((outcome) => outcome === undefined)).toBe(true);
    expect(outcomes[67]).toEqual({ handshake, rest: new Uint8Array(0) });
  });

  it('knows the info-hash at the 48th byte, so that a listener can answer', () => {
    const decoder = new HandshakeDecoder();
    decoder.push(bytes.subarray(0, 47));
    expect(decoder.infoHash).toBeUndefined();
    decoder.push(bytes.subarray(47, 48));
    expect(decoder.infoHash).toEqual(handshake.infoHash);
  });

  it('fails at the first wrong byte, whichever it is, and stays dead', () => {
    for (let index = 0; index < 20; index++) {
      const wrong = Uint8Array.from(bytes);
      wrong[index] = (wrong[index] ?? 0) ^ 0x20;
      const decoder = new HandshakeDecoder();
      expect(decoder.push(wrong.subarray(0, index))).toBeUndefined();
      expect(() => decoder.push(wrong.subarray(index, index + 1))).toThrow(WireError);
      expect(() => decoder.push(bytes)).toThrow(`byte ${index}`);
    }
  });

  it('is used once', () => {
    const decoder = new HandshakeDecoder();
    decoder.push(bytes);
    expect(() => decoder.push(bytes)).toThrow(TypeError);
  });
});

describe('decodeHandshake', () => {
  it('returns copies', () => {
    const input = Uint8Array.from(bytes);
    const decoded = decodeHandshake(input);
    input.fill(0);
    expect(decoded).toEqual(handshake);
  });

  it('refuses every other length', () => {
    for (let length = 0; length < 140; length++) {
      if (length === 68) continue;
      const input = new Uint8Array(length);
      input.set(bytes.subarray(0, length));
      expect(() => decodeHandshake(input)).toThrow(WireError);
    }
  });
});

describe('encodeHandshake', () => {
  it('names the field that has the wrong length', () => {
    expect(() => encodeHandshake({ ...handshake, infoHash: new Uint8Array(32) })).toThrow(
      /infoHash: expected 20 bytes, got 32/,
    );
    expect(() => encodeHandshake({ ...handshake, peerId: new Uint8Array(19) })).toThrow(/peerId: expected 20/);
  });
});
