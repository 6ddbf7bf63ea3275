/** Measures one codec and prints its figures. Arguments: CONTESTANT FOLDER. */
import { encodeMessage } from '@p2p/wire';

import type { Figure } from '../bench-case.js';
import { bittorrentProtocol } from './bittorrent-protocol.js';
import { BLOCK_BYTES, type CodecContestant } from './codec-contestant.js';
import { memoryCopy } from './memory-copy.js';
import { ourCodec } from './ours.js';

const SMALL_COUNT = 400_000;
const BLOCK_COUNT = 4096;
const REPETITIONS = 7;

const [who = '', folder = ''] = process.argv.slice(2);
const codec = await contestant();
const block = new Uint8Array(BLOCK_BYTES).fill(3);
const blocks = repeated(encodeMessage({ type: 'piece', piece: 7, begin: BLOCK_BYTES, data: block }), BLOCK_COUNT);
const small = repeated(
  Buffer.concat([
    encodeMessage({ type: 'have', piece: 12_345 }),
    encodeMessage({ type: 'request', piece: 12_345, begin: 0, length: BLOCK_BYTES }),
  ]),
  SMALL_COUNT / 2,
);
const { decode, encodeSmall, encodePieceHeaders, gather } = codec;
const figures = [
  ...(decode === undefined || encodeSmall === undefined
    ? []
    : measure('decode have, request', () => decode(small, 65_536))),
  ...(encodeSmall === undefined ? [] : measure('encode have, request', () => encodeSmall(SMALL_COUNT))),
  ...(decode === undefined ? [] : measure('decode 16 KiB pieces', () => decode(blocks, 65_536))),
  ...(encodePieceHeaders === undefined ? [] : measure('encode piece headers', () => encodePieceHeaders(SMALL_COUNT))),
  ...(gather === undefined ? [] : measure('gather 16 KiB pieces', () => gather(blocks))),
];
console.error(`checksum ${codec.checksum()}`);
console.log(JSON.stringify(figures));
process.exit();

async function contestant(): Promise<CodecContestant> {
  if (who === 'bittorrent-protocol') return bittorrentProtocol(folder);
  return who === 'ours' ? ourCodec() : memoryCopy();
}

/** The middle of several, after one that warms up. */
function measure(name: string, action: () => number): readonly Figure[] {
  action();
  const rates = Array.from({ length: REPETITIONS }, () => {
    const start = performance.now();
    const count = action();
    return count / ((performance.now() - start) / 1000);
  }).sort((a, b) => a - b);
  return [{ name, unit: 'messages/s', value: rates[(REPETITIONS - 1) / 2] ?? 0 }];
}

function repeated(bytes: Uint8Array, count: number): Uint8Array {
  const stream = new Uint8Array(bytes.length * count);
  for (let index = 0; index < count; index++) stream.set(bytes, index * bytes.length);
  return stream;
}
