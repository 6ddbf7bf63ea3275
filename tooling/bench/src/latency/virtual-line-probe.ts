/**
 * Two of our nodes in virtual time, joined by one line: how much of it the download fills.
 * Arguments: BYTES_PER_SECOND ROUND_TRIP_MS BYTES.
 */
import { PeerNode, type Clock, type CommitOutcome, type ReadOutcome, type Storage } from '@p2p/swarm';
import { MemoryNetwork, SeededRandom, VirtualClock } from '@p2p/swarm/testing';
import { Bitfield, decodeInfo, encodeInfo, type BlockRef, type PieceIndex } from '@p2p/wire';

const PIECE_BYTES = 1 << 20;
const LONGEST_MS = 600_000;

const [lineBytesPerSecond = 0, roundTripMs = 0, byteCount = 0] = process.argv.slice(2).map(Number);

let firstBlockMs: number | undefined;
let endMs: number | undefined;

/** Content that is never looked at: here the line is measured. It answers on the clock, in order, as it must. */
class UnreadStorage implements Storage {
  readonly #clock: Clock;
  readonly #zeros = new Uint8Array(1 << 14);

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  writeBlock(): void {
    firstBlockMs ??= this.#clock.now();
  }

  discardPiece(): void {
    // Nothing was kept.
  }

  commitPiece(_piece: PieceIndex, done: (outcome: CommitOutcome) => void): void {
    this.#clock.schedule(this.#clock.now(), () => {
      done({ kind: 'stored' });
    });
  }

  readBlock(block: BlockRef, done: (outcome: ReadOutcome) => void): void {
    this.#clock.schedule(this.#clock.now(), () => {
      done({ kind: 'read', data: this.#zeros.subarray(0, block.length) });
    });
  }
}

const pieceCount = byteCount / PIECE_BYTES;
const fields = { name: 'content', pieceLength: PIECE_BYTES, length: byteCount };
const metainfo = decodeInfo(encodeInfo({ ...fields, pieceHashes: new Uint8Array(20 * pieceCount) }));
const clock = new VirtualClock();
const random = new SeededRandom('latency');
const network = new MemoryNetwork(clock, { latencyMs: roundTripMs / 2 });
const seederAddress = { host: '10.0.0.1', port: 6881 };
const line = { upBytesPerSecond: lineBytesPerSecond, downBytesPerSecond: Infinity };
const seeder = new PeerNode({ clock, random: random.fork('a'), transport: network.host(seederAddress.host, line) });
const leecher = new PeerNode({ clock, random: random.fork('b'), transport: network.host('10.0.0.2') });
const { infoHash } = metainfo;
const storage = new UnreadStorage(clock);

seeder.listen(seederAddress, () => undefined);
seeder.addSwarm({ infoHash, content: { metainfo, storage, have: Bitfield.full(pieceCount) } }, () => undefined);
const content = { metainfo, storage, have: new Bitfield(pieceCount) };
leecher.addSwarm({ infoHash, content, peers: [seederAddress] }, (event) => {
  if (event.kind === 'complete') endMs = clock.now();
});
while (endMs === undefined && clock.now() < LONGEST_MS) clock.runFor(10);
if (endMs === undefined || firstBlockMs === undefined)
  throw new Error(`not done after ${LONGEST_MS / 1000} virtual seconds`);
const shareOfLine = (100 * byteCount) / lineBytesPerSecond / ((endMs - firstBlockMs) / 1000);
console.log(JSON.stringify([{ name: 'share of the line', unit: '%', value: shareOfLine }]));
process.exit();
