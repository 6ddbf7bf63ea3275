// pnpm --filter @p2p/wire bench
// Speed of the codec: blocks through the frame decoder for several sizes of chunk, small messages, and what a download starts with.
// Run by hand; the figures mean something only beside each other, in one run.
import {
  type BencodeValue,
  decodeBencode,
  decodeInfo,
  encodeBencode,
  encodeInfo,
  encodeMessage,
  encodePieceHeaderInto,
  FrameDecoder,
  sha1,
} from '../src/index.js';

const ROUNDS = 5;
const MB = 1e6;
/** Read from each payload, so that no decoder is spared its work. */
let checksum = 0;

function measure(name: string, units: number, unit: string, action: () => void): void {
  action(); // warms up
  const rates = Array.from({ length: ROUNDS }, () => {
    const start = performance.now();
    action();
    return units / ((performance.now() - start) / 1000);
  }).sort((a, b) => a - b);
  const [least = 0, median = 0, most = 0] = [rates[0], rates[(ROUNDS - 1) / 2], rates[ROUNDS - 1]];
  const text = [median, least, most].map((rate) => Math.round(rate).toLocaleString('en'));
  console.log(`${name.padEnd(52)} ${(text[0] ?? '').padStart(12)} ${unit}  (${text[1] ?? ''} to ${text[2] ?? ''})`);
}

function decodeIn(stream: Uint8Array, chunkBytes: number): void {
  const decoder = new FrameDecoder();
  for (let offset = 0; offset < stream.length; offset += chunkBytes) {
    for (const message of decoder.push(stream.subarray(offset, offset + chunkBytes))) {
      if (message.type === 'piece') checksum ^= message.data[message.data.length - 1] ?? 0;
      else if (message.type === 'have') checksum ^= message.piece;
    }
  }
}

function repeated(bytes: Uint8Array, count: number): Uint8Array {
  const stream = new Uint8Array(bytes.length * count);
  for (let index = 0; index < count; index++) stream.set(bytes, index * bytes.length);
  return stream;
}

const block = encodeMessage({ type: 'piece', piece: 7, begin: 16_384, data: new Uint8Array(16_384).fill(3) });
const blocks = repeated(block, 4096);
for (const chunkBytes of [1460, 16_384, 65_536, 1_048_576]) {
  measure(`decode blocks of 16 KiB in chunks of ${chunkBytes}`, blocks.length / MB, 'MB/s', () => {
    decodeIn(blocks, chunkBytes);
  });
}

const haves = repeated(encodeMessage({ type: 'have', piece: 12_345 }), 200_000);
measure('decode have in chunks of 65536', 200_000, 'messages/s', () => {
  decodeIn(haves, 65_536);
});

const scratch = new Uint8Array(13);
measure('encode headers of pieces', 1_000_000, 'messages/s', () => {
  for (let piece = 0; piece < 1_000_000; piece++)
    encodePieceHeaderInto({ piece, begin: 0, length: 16_384 }, scratch, 0);
});
measure('encode requests', 200_000, 'messages/s', () => {
  for (let piece = 0; piece < 200_000; piece++) {
    checksum ^= encodeMessage({ type: 'request', piece, begin: 0, length: 16_384 })[8] ?? 0;
  }
});

const pieceHashes = new Uint8Array(20 * 16_384);
const info = encodeInfo({ name: 'a', pieceLength: 65_536, length: 65_536 * 16_384, pieceHashes });
measure('decode the metadata of 1 GiB (16,384 pieces)', 100, 'torrents/s', () => {
  for (let index = 0; index < 100; index++) checksum ^= decodeInfo(info).infoHash[0] ?? 0;
});
const list: BencodeValue = Array.from({ length: 100_000 }, (_, index) => new Map([['a', index]]));
const bencoded = encodeBencode(list);
measure('decode bencode of 300,000 values', bencoded.length / MB, 'MB/s', () => {
  decodeBencode(bencoded);
});
measure('sha1 of 1 MiB (info-hashes only)', 1.048576, 'MB/s', () => {
  checksum ^= sha1(blocks.subarray(0, 1_048_576))[0] ?? 0;
});
console.log(`(checksum ${checksum})`);
