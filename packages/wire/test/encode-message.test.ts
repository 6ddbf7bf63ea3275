import { describe, expect, it } from 'vitest';

import {
  BLOCK_BYTES,
  encodeMessage,
  encodeMessageInto,
  encodePieceHeaderInto,
  MAX_EXTENDED_FRAME_BYTES,
  MAX_PIECE_COUNT,
  type Message,
  messageBytes,
} from '../src/index.js';

describe('encodeMessage', () => {
  it.each<[string, Message]>([
    ['piece: expected', { type: 'have', piece: -1 }],
    ['piece: expected', { type: 'have', piece: 2 ** 32 }],
    ['piece: expected', { type: 'suggest', piece: 1.5 }],
    ['begin: expected', { type: 'request', piece: 0, begin: Number.NaN, length: 1 }],
    ['length: expected', { type: 'cancel', piece: 0, begin: 0, length: 2 ** 32 }],
    ['port: expected', { type: 'port', port: 65_536 }],
    ['extensionId: expected', { type: 'extended', extensionId: 256, payload: new Uint8Array(0) }],
    ['data.length: expected', { type: 'piece', piece: 0, begin: 0, data: new Uint8Array(BLOCK_BYTES + 1) }],
    ['data.length: expected', { type: 'piece', piece: 0, begin: 0, data: new Uint8Array(0) }],
    ['bits.length: expected', { type: 'bitfield', bits: new Uint8Array(MAX_PIECE_COUNT / 8 + 1) }],
    [
      'payload.length: expected',
      { type: 'extended', extensionId: 1, payload: new Uint8Array(MAX_EXTENDED_FRAME_BYTES - 1) },
    ],
  ])('refuses what no peer would accept: %s', (message, value) => {
    expect(() => encodeMessage(value)).toThrow(RangeError);
    expect(() => encodeMessage(value)).toThrow(message);
  });

  it('never sends a message that it does not know', () => {
    const unknown: Message = { type: 'unknown', id: 99, payload: new Uint8Array(3) };
    expect(() => encodeMessage(unknown)).toThrow(TypeError);
    expect(() => messageBytes(unknown)).toThrow(/only received/);
  });

  it('gathers several messages in one buffer', () => {
    const target = new Uint8Array(11);
    let offset = encodeMessageInto({ type: 'unchoke' }, target, 0);
    offset += encodeMessageInto({ type: 'keepAlive' }, target, offset);
    expect(offset).toBe(9);
    expect([...target]).toEqual([0, 0, 0, 1, 1, 0, 0, 0, 0, 0, 0]);
  });

  it('says how much room is missing, and writes nothing', () => {
    const target = new Uint8Array(8);
    expect(() => encodeMessageInto({ type: 'have', piece: 1 }, target, 0)).toThrow(/expected 9 bytes of room/);
    expect(() => encodeMessageInto({ type: 'choke' }, target, -1)).toThrow(RangeError);
    expect(target.every((byte) => byte === 0)).toBe(true);
  });
});

describe('encodePieceHeaderInto', () => {
  it('writes what encodeMessage writes before the data', () => {
    const target = new Uint8Array(20).fill(0xaa);
    const data = new Uint8Array(BLOCK_BYTES);
    expect(encodePieceHeaderInto({ piece: 70_000, begin: 16_384, length: data.length }, target, 3)).toBe(13);
    const whole = encodeMessage({ type: 'piece', piece: 70_000, begin: 16_384, data });
    expect(target.slice(3, 16)).toEqual(whole.slice(0, 13));
    expect([...target.slice(0, 3), ...target.slice(16)]).toEqual(Array.from({ length: 7 }, () => 0xaa));
  });

  it.each([
    [{ piece: 0, begin: 0, length: 0 }, 'block.length'],
    [{ piece: 0, begin: 0, length: BLOCK_BYTES + 1 }, 'block.length'],
    [{ piece: -1, begin: 0, length: 1 }, 'block.piece'],
    [{ piece: 0, begin: 2 ** 32, length: 1 }, 'block.begin'],
  ])('refuses %o', (block, name) => {
    expect(() => encodePieceHeaderInto(block, new Uint8Array(13), 0)).toThrow(name);
  });

  it('needs its 13 bytes', () => {
    expect(() => encodePieceHeaderInto({ piece: 0, begin: 0, length: 1 }, new Uint8Array(13), 1)).toThrow(RangeError);
  });
});
