import {
  Bitfield,
  createPeerId,
  encodeExtendedHandshake,
  encodeHandshake,
  encodeMessage,
  EXTENSION_NAMES,
} from '@p2p/wire';

/** Of each idle peer this share of the pieces is there: a peer with all of them would be left by a seed. */
const PIECES_PER_ONE_HELD = 4;
const RANDOM_ID_BYTES = 12;

/** The loopback address from which idle peer `index` (from 0) dials: one of its own for each of 65,536. */
export function idlePeerHost(index: number): string {
  return `127.100.${index >> 8}.${index & 0xff}`;
}

/**
 * All that an idle peer ever says: who it is, what it has, which extensions it speaks, and perhaps that it would like blocks,
 * of which it asks for none.
 *
 * @param index from 0; each has another peer id and other pieces
 */
export function idlePeerGreeting(
  index: number,
  torrent: { readonly infoHash: Uint8Array; readonly pieceCount: number; readonly isInterested: boolean },
): Uint8Array {
  const { infoHash, pieceCount, isInterested } = torrent;
  const random = new Uint8Array(RANDOM_ID_BYTES);
  new DataView(random.buffer).setUint32(0, index);
  const have = new Bitfield(pieceCount);
  for (let piece = index % PIECES_PER_ONE_HELD; piece < pieceCount; piece += PIECES_PER_ONE_HELD) have.set(piece);
  const extensions = new Map([
    [EXTENSION_NAMES.utPex, 1],
    [EXTENSION_NAMES.utMetadata, 2],
  ]);
  return Buffer.concat([
    encodeHandshake({
      infoHash,
      peerId: createPeerId(random, '0000'),
      supportsExtended: true,
      supportsFast: true,
      supportsDht: false,
    }),
    encodeMessage({ type: 'bitfield', bits: have.toWire() }),
    encodeMessage({
      type: 'extended',
      extensionId: 0,
      payload: encodeExtendedHandshake({ extensions, client: 'idle peer' }),
    }),
    ...(isInterested ? [encodeMessage({ type: 'interested' })] : []),
  ]);
}
