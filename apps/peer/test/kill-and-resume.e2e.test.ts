// Goal: a download that is killed again and again loses nothing that had reached the disk, and no byte is wrong.
// Method: the seeder runs in this process, so that it can note every block it is asked for. The leecher is killed with -9
// at random moments; while it is dead, the pieces that lie on the disk are compared with the original. From then on nobody
// may ask for any of them again: what is fetched twice can only be what had not been written.
import { randomBytes, randomInt } from 'node:crypto';
import { existsSync, writeFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';

import { createMemoryPieceStore, createMetainfo, type PieceStore } from '@p2p/storage';
import { PeerNode, type Storage, type Swarm } from '@p2p/swarm';
import { createNodePorts } from '@p2p/swarm/node';
import { formatPeerAddress, type Metainfo, type PeerAddress } from '@p2p/wire';
import { afterEach, beforeEach, expect, it } from 'vitest';

import { PeerProcess, stopAll } from './peer-process.js';
import { ScratchFolder, sha1Hex } from './scratch-folder.js';

const KILLS = 20;
const LENGTH = 40 * 1024 * 1024 - 4_321;
/** So slow that the download outlasts all kills. */
const BYTES_PER_SECOND = 1.75 * 1024 * 1024;
const LONGEST_RUN_MS = 900;

let scratch: ScratchFolder;
let seeder: CountingSeeder | undefined;

beforeEach(() => {
  scratch = new ScratchFolder();
});

afterEach(async () => {
  await stopAll();
  await seeder?.stop();
  scratch.remove();
});

it(`finishes after ${KILLS} kills at random moments, and fetches nothing twice that was on the disk`, async () => {
  const content = scratch.file('original', LENGTH);
  const { metainfo } = await createMetainfo(scratch.at('original'));
  seeder = new CountingSeeder(metainfo, content);
  const address = await seeder.listen();
  const copy = scratch.at('copy');
  const args = ['--port', '0', '--bind', '127.0.0.1', '--file', copy, '--peer', formatPeerAddress(address)];
  const startLeecher = () => new PeerProcess([...args, '--state-dir', scratch.at('state'), '--json']);

  const kept: number[] = [];
  for (let kill = 0; kill < KILLS; kill++) {
    const leecher = startLeecher();
    await leecher.event('listening');
    await delay(randomInt(LONGEST_RUN_MS));
    leecher.kill('SIGKILL');
    await leecher.ended;
    expect(
      leecher.events.some((line) => line.event === 'complete'),
      'it was done too soon',
    ).toBe(false);
    const onDisk = existsSync(copy) ? piecesIn(scratch.read('copy'), content, metainfo) : new Set<number>();
    await seeder.whenQuiet();
    for (const piece of seeder.protectedPieces) expect(onDisk.has(piece), `piece ${piece} went away`).toBe(true);
    seeder.protect(onDisk);
    kept.push(onDisk.size);
  }
  const leecher = startLeecher();
  const complete = await leecher.event('complete');

  expect(complete).toMatchObject({ path: copy, length: LENGTH, sha1: sha1Hex(content) });
  expect(scratch.read('copy').equals(content)).toBe(true);
  expect(seeder.askedAgain).toEqual([]);
  // The kills did hit a download that was going on.
  expect(kept.at(-1)).toBeGreaterThan(metainfo.layout.pieceCount / 30);
  console.info(
    `kept after each kill: ${kept.join(' ')} of ${metainfo.layout.pieceCount} pieces; ` +
      `served ${(seeder.servedBytes / LENGTH).toFixed(3)} copies`,
  );
}, 180_000);

it('never takes wrong bytes for right ones when the disk changed while it was dead', async () => {
  const content = scratch.file('original', LENGTH);
  const { metainfo } = await createMetainfo(scratch.at('original'));
  seeder = new CountingSeeder(metainfo, content, Infinity);
  const address = await seeder.listen();
  const args = ['--port', '0', '--bind', '127.0.0.1', '--file', scratch.at('copy')];
  const peer = ['--peer', formatPeerAddress(address), '--limit-down', '8MiB'];
  const state = ['--state-dir', scratch.at('state'), '--json'];
  const first = new PeerProcess([...args, ...peer, ...state]);
  await first.event('progress');
  await delay(1_000);
  first.kill('SIGTERM');
  expect((await first.ended).exitCode).toBe(143);
  const damaged = scratch.read('copy');
  randomBytes(65_536).copy(damaged, 0);
  writeFileSync(scratch.at('copy'), damaged);

  const second = new PeerProcess([...args, ...peer, ...state]);
  expect(await second.event('complete')).toMatchObject({ sha1: sha1Hex(content) });
  expect(scratch.read('copy').equals(content)).toBe(true);
}, 120_000);

/** The pieces of a copy that are right. */
function piecesIn(copy: Buffer, content: Buffer, { layout }: Metainfo): Set<number> {
  const right = new Set<number>();
  for (const piece of layout.pieces()) {
    const begin = layout.pieceOffset(piece);
    const end = begin + layout.pieceBytes(piece);
    if (copy.length >= end && copy.compare(content, begin, end, begin, end) === 0) right.add(piece);
  }
  return right;
}

/** A seeder in this process that notes who is asked for what. */
class CountingSeeder {
  readonly protectedPieces = new Set<number>();
  /** Pieces that were asked for although they were protected. */
  readonly askedAgain: number[] = [];
  servedBytes = 0;
  readonly #node: PeerNode;
  readonly #swarm: Swarm;

  constructor(metainfo: Metainfo, content: Uint8Array, uploadBytesPerSecond = BYTES_PER_SECOND) {
    this.#node = new PeerNode(createNodePorts({ bind: '127.0.0.1' }), { uploadBytesPerSecond });
    const store = createMemoryPieceStore(metainfo, content);
    const { infoHash } = metainfo;
    this.#swarm = this.#node.addSwarm(
      { infoHash, content: { metainfo, storage: this.#counting(store), have: store.have() } },
      () => undefined,
    );
  }

  async listen(): Promise<PeerAddress> {
    return new Promise((resolve, reject) => {
      this.#node.listen({ host: '127.0.0.1', port: 0 }, (result) => {
        if (result.kind === 'listening') resolve(result.address);
        else reject(result.error);
      });
    });
  }

  protect(pieces: ReadonlySet<number>): void {
    for (const piece of pieces) this.protectedPieces.add(piece);
  }

  /** The dead leecher's connections are closed, so nothing it had asked for is read any more. */
  async whenQuiet(): Promise<void> {
    while (this.#swarm.status().peerCount > 0) await delay(5);
  }

  async stop(): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#node.stop(resolve);
    });
  }

  #counting(store: PieceStore): Storage {
    return {
      writeBlock: (piece, begin, data) => {
        store.writeBlock(piece, begin, data);
      },
      commitPiece: (piece, done) => {
        store.commitPiece(piece, done);
      },
      discardPiece: (piece) => {
        store.discardPiece(piece);
      },
      readBlock: (block, done) => {
        this.servedBytes += block.length;
        if (this.protectedPieces.has(block.piece)) this.askedAgain.push(block.piece);
        store.readBlock(block, done);
      },
    };
  }
}
