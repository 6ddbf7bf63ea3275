import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

import { BLOCK_BYTES, HANDED_OVER_BYTES, type CodecContestant } from './codec-contestant.js';

/** What we use of it; it comes without types. */
interface Wire {
  on(event: 'have' | 'piece' | 'handshake', listener: (value: number) => void): void;
  _write(chunk: Uint8Array, done: () => void): void;
  _message(id: number, numbers: readonly number[], data: Uint8Array | null): void;
  _push(data: Uint8Array): void;
  _onHave(index: number): void;
  _onRequest(index: number, offset: number, length: number): void;
  _onPiece(index: number, offset: number, data: Uint8Array): void;
}

/**
 * npm's bittorrent-protocol, without the stream and the peer's state around its codec, which would make it slower: chunks go
 * straight to its parser. What it encodes is kept until it is as much as ours is when we hand it over, as its stream would: were it
 * dropped at once, the compiler would see that and make no array at all.
 *
 * @param folder of the node_modules in which it is
 */
export async function bittorrentProtocol(folder: string): Promise<CodecContestant> {
  const path = join(folder, 'node_modules', 'bittorrent-protocol', 'index.js');
  // eslint-disable-next-line p2p/no-type-assertion -- it comes without types; VERSIONS in npm-programs.ts pins what it is
  const { default: Protocol } = (await import(pathToFileURL(path).href)) as { default: new () => Wire };
  let checksum = 0;
  let count = 0;
  const encoder = new Protocol();
  let kept: Uint8Array[] = [];
  let keptBytes = 0;
  encoder._push = (data) => {
    if (keptBytes + data.length > HANDED_OVER_BYTES) {
      checksum ^= kept[0]?.[8] ?? 0;
      kept = [];
      keptBytes = 0;
    }
    kept.push(data);
    keptBytes += data.length;
  };
  const block = new Uint8Array(BLOCK_BYTES);
  return {
    checksum: () => checksum,

    decode(stream, chunkBytes) {
      const wire = readyWire(new Protocol());
      count = 0;
      wire._onHave = (index) => {
        count++;
        checksum ^= index;
      };
      wire._onRequest = (index) => {
        count++;
        checksum ^= index;
      };
      wire._onPiece = (_index, _offset, data) => {
        count++;
        checksum ^= data[data.length - 1] ?? 0;
      };
      for (let offset = 0; offset < stream.length; offset += chunkBytes) {
        wire._write(stream.subarray(offset, offset + chunkBytes), nothing);
      }
      return count;
    },

    encodeSmall(messages) {
      for (let piece = 0; piece < messages / 2; piece++) {
        encoder._message(4, [piece], null);
        encoder._message(6, [piece, 0, BLOCK_BYTES], null);
      }
      return messages;
    },

    encodePieceHeaders(messages) {
      for (let piece = 0; piece < messages; piece++) encoder._message(7, [piece, 0], block);
      return messages;
    },
  };
}

/** Past the handshake. */
function readyWire(wire: Wire): Wire {
  const handshake = Buffer.concat([Buffer.from('\u0013BitTorrent protocol'), Buffer.alloc(48, 1)]);
  handshake.fill(0, 20, 28);
  wire._write(handshake, nothing);
  return wire;
}

function nothing(): void {
  // Its parser is done when it returns.
}
