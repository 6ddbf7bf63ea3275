import { Bitfield, decodeExtendedHandshake, FrameDecoder, HANDSHAKE_BYTES, toHex } from '@p2p/wire';
import { describe, expect, it } from 'vitest';

import { idlePeerGreeting, idlePeerHost } from '../src/idle/idle-peer.js';

const infoHash = new Uint8Array(20).fill(7);
const torrent = { infoHash, pieceCount: 10, isInterested: false };

describe('an idle peer', () => {
  it('greets with handshake, a quarter of the pieces and its extensions, and asks for nothing', () => {
    const greeting = idlePeerGreeting(1, torrent);
    const frames = [...new FrameDecoder().push(greeting.subarray(HANDSHAKE_BYTES))];
    expect(frames.map(({ type }) => type)).toEqual(['bitfield', 'extended']);
    const [bitfield, extended] = frames;
    if (bitfield?.type !== 'bitfield' || extended?.type !== 'extended') throw new Error('expected these two');
    expect([...Bitfield.fromWire(bitfield.bits, 10).indices()]).toEqual([1, 5, 9]);
    expect([...decodeExtendedHandshake(extended.payload).extensions.keys()]).toEqual(['ut_metadata', 'ut_pex']);
  });

  it('says last that it is interested when it is', () => {
    const greeting = idlePeerGreeting(1, { ...torrent, isInterested: true });
    expect([...new FrameDecoder().push(greeting.subarray(HANDSHAKE_BYTES))].at(-1)).toEqual({ type: 'interested' });
  });

  it('has a peer id and an address that no other of 2,000 has', () => {
    const indices = Array.from({ length: 2000 }, (_, index) => index);
    expect(new Set(indices.map(idlePeerHost)).size).toBe(2000);
    const ids = indices.map((index) => toHex(idlePeerGreeting(index, torrent).subarray(48, HANDSHAKE_BYTES)));
    expect(new Set(ids).size).toBe(2000);
  });
});
