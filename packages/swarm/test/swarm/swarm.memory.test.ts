/**
 * Goal: whole nodes, shell and core, agree with each other. Method: nodes in virtual time that share one file; the seed names the run.
 */
import { describe, expect, it } from 'vitest';

import { isComplete, World, type Peer } from '../fixtures/world.js';

const MINUTE = 60_000;

function expectSameContent(world: World, peers: readonly Peer[]): void {
  for (const peer of peers) {
    expect(isComplete(peer), `${peer.address.host} is complete`).toBe(true);
    expect(Buffer.compare(peer.storage.bytes, world.content)).toBe(0);
  }
}

describe('two nodes', () => {
  it('move a file from one to the other, and then part because neither wants anything', () => {
    const world = new World();
    const seeder = world.seeder('10.0.0.1');
    const leecher = world.leecher('10.0.0.2', { peers: [seeder.address] });
    world.run(MINUTE, () => isComplete(leecher));
    expectSameContent(world, [leecher]);
    expect(leecher.swarm.status()).toMatchObject({ isSeeding: true, wastedBytes: 0, haveBytes: world.content.length });
    expect(seeder.swarm.status().uploadedBytes).toBe(world.content.length);
    world.run(MINUTE);
    expect(leecher.events.at(-1)).toMatchObject({ kind: 'peerClosed', reason: { party: 'us', code: 'uploadOnly' } });
    expect(seeder.swarm.status().peerCount).toBe(0);
  });

  it('pass on the metadata first when the leecher knows only the info-hash', () => {
    const world = new World({ pieces: 2_000, pieceLength: 16_384 }); // 40 kB of hashes: three metadata blocks
    const seeder = world.seeder('10.0.0.1');
    const leecher = world.leecher('10.0.0.2', { peers: [seeder.address], knowsMetadata: false });
    world.run(MINUTE, () => isComplete(leecher));
    expect(leecher.events.map((event) => event.kind)).toContain('metadata');
    expectSameContent(world, [leecher]);
  });

  it('keep the connection alive through silence, and notice when the other end is gone', () => {
    const world = new World();
    const first = world.leecher('10.0.0.1');
    const second = world.leecher('10.0.0.2', { peers: [first.address] });
    world.run(10 * MINUTE);
    expect(first.swarm.status().peerCount).toBe(1);
    world.network.partition((host) => host === '10.0.0.1');
    world.run(3 * MINUTE);
    expect(second.events.at(-1)).toMatchObject({ kind: 'peerClosed', reason: { party: 'timeout' } });
  });

  it('keep one connection when both dial at once', () => {
    const world = new World();
    const first = world.leecher('10.0.0.1', { peers: [{ host: '10.0.0.2', port: 6881 }] });
    const second = world.leecher('10.0.0.2', { peers: [first.address] });
    world.run(MINUTE);
    expect(first.swarm.status().peerCount).toBe(1);
    expect(second.swarm.status().peerCount).toBe(1);
  });

  it('recognise themselves when they dial their own address', () => {
    const world = new World();
    const lonely = world.leecher('10.0.0.1', { peers: [{ host: '10.0.0.1', port: 6881 }] });
    world.run(10 * MINUTE);
    expect(lonely.swarm.status()).toMatchObject({ peerCount: 0, dialingCount: 0 });
  });

  it('forget their own address once they have dialled it, and do not take it from others again', () => {
    const world = new World();
    const ours = { host: '10.0.0.1', port: 6881 };
    const node = world.leecher(ours.host, { peers: [ours] });
    world.run(1_000);
    expect(node.swarm.status().knownAddressCount).toBe(0);
    node.swarm.addPeers([ours]);
    expect(node.swarm.status().knownAddressCount).toBe(0);
  });

  it('hear of a seeder that knows only another seeder, though those two have no use for each other', () => {
    const world = new World();
    const link = { upBytesPerSecond: 100_000 };
    const bootstrap = world.seeder('10.0.0.1', { link });
    const second = world.seeder('10.0.0.2', { peers: [bootstrap.address] });
    world.run(10);
    const leecher = world.leecher('10.0.0.3', { peers: [bootstrap.address] });
    world.run(1_000);
    bootstrap.node.stop(() => undefined);
    world.run(10 * MINUTE, () => isComplete(leecher));
    expectSameContent(world, [leecher]);
    expect(second.swarm.status().uploadedBytes).toBeGreaterThan(world.metainfo.layout.totalBytes / 2);
  });

  it('hear of it also when it came first and the two seeders have parted', () => {
    const world = new World();
    const bootstrap = world.seeder('10.0.0.1');
    const second = world.seeder('10.0.0.2', { peers: [bootstrap.address] });
    world.run(MINUTE);
    expect(bootstrap.swarm.status().peerCount).toBe(0);
    expect(bootstrap.events.at(-1)).toMatchObject({ kind: 'peerClosed' });
    const leecher = world.leecher('10.0.0.3', { peers: [bootstrap.address], link: { downBytesPerSecond: 100_000 } });
    world.run(10_000);
    bootstrap.node.stop(() => undefined);
    world.run(10 * MINUTE, () => isComplete(leecher));
    expectSameContent(world, [leecher]);
    expect(second.swarm.status().uploadedBytes).toBeGreaterThan(0);
  });

  it('answer what they share to whoever asks', () => {
    const world = new World();
    const seeder = world.seeder('10.0.0.1');
    const asker = world.leecher('10.0.0.2');
    const outcomes: unknown[] = [];
    asker.node.listCatalog(seeder.address, (outcome) => outcomes.push(outcome));
    world.run(MINUTE);
    const { infoHash, name, layout } = world.metainfo;
    const entry = { infoHash, name, length: layout.totalBytes, pieceLength: layout.pieceLength };
    expect(outcomes).toEqual([{ kind: 'listed', entries: [entry] }]);
  });

  it('say that nobody answers, rather than wait', () => {
    const world = new World();
    const asker = world.leecher('10.0.0.2');
    const outcomes: { kind: string }[] = [];
    asker.node.listCatalog({ host: '10.0.0.9', port: 6881 }, (outcome) => outcomes.push(outcome));
    world.run(MINUTE);
    expect(outcomes).toMatchObject([{ kind: 'failed', error: { code: 'unreachable' } }]);
  });
});

describe('faults', () => {
  it('ban a peer whose piece is corrupt, and fetch it from another', () => {
    const world = new World();
    const liar = world.seeder('10.0.0.1');
    liar.storage.faults.poisonsOneIn = 1;
    const honest = world.seeder('10.0.0.2', { link: { upBytesPerSecond: 200_000 } });
    const leecher = world.leecher('10.0.0.3', { peers: [liar.address, honest.address] });
    world.run(10 * MINUTE, () => isComplete(leecher));
    expectSameContent(world, [leecher]);
    expect(leecher.events).toContainEqual(
      expect.objectContaining({ kind: 'peerClosed', reason: { party: 'us', code: 'banned', detail: '' } }),
    );
  });

  it('ban a peer that dialled us, and for good: neither side comes back', () => {
    const world = new World();
    const leecher = world.leecher('10.0.0.3');
    const liar = world.seeder('10.0.0.1', { peers: [leecher.address] });
    liar.storage.faults.poisonsOneIn = 1;
    world.run(10 * MINUTE);
    const ends = leecher.events.filter((event) => event.kind === 'peerClosed');
    expect(ends).toMatchObject([{ address: { host: '10.0.0.1' }, reason: { party: 'us', code: 'banned' } }]);
    // Two were complete when the first was found to be wrong.
    expect(leecher.events.filter((event) => event.kind === 'pieceCorrupt').length).toBeLessThanOrEqual(2);
    expect(leecher.swarm.status()).toMatchObject({ peerCount: 0, dialingCount: 0, haveBytes: 0 });
  });

  it('leave no room taken in storage for what a banned peer had begun', () => {
    const world = new World({ pieceLength: 4 * 65_536 });
    const leecher = world.leecher('10.0.0.3', { storage: { commitDelayMs: 1_000 } });
    const liar = world.seeder('10.0.0.1', { peers: [leecher.address], link: { upBytesPerSecond: 100_000 } });
    liar.storage.faults.poisonsOneIn = 1;
    world.run(MINUTE);
    expect(leecher.swarm.status()).toMatchObject({ peerCount: 0, haveBytes: 0 });
    expect(leecher.storage.assemblyCount).toBe(0);
  });

  it('pause when the disk is full, say so, and go on when there is room', () => {
    const world = new World();
    const seeder = world.seeder('10.0.0.1');
    const leecher = world.leecher('10.0.0.2', { peers: [seeder.address] });
    leecher.storage.faults.commitError = 'disk-full';
    world.run(MINUTE);
    expect(leecher.events.some((event) => event.kind === 'storageFailed')).toBe(true);
    leecher.storage.faults.commitError = undefined;
    world.run(5 * MINUTE, () => isComplete(leecher));
    expectSameContent(world, [leecher]);
  });

  it('go on with a leecher when the seeder dies after the leechers have one copy together', () => {
    const world = new World({ pieces: 64 });
    const link = { upBytesPerSecond: 1_000_000, downBytesPerSecond: 1_000_000 };
    const seeder = world.seeder('10.0.0.1', { link });
    const leechers = ['10.0.0.2', '10.0.0.3', '10.0.0.4'].map((host) =>
      world.leecher(host, { link, peers: [seeder.address] }),
    );
    const pieces = [...world.metainfo.layout.pieces()];
    const isCoveredByLeechers = (): boolean =>
      pieces.every((piece) => leechers.some((peer) => peer.storage.have().has(piece)));
    world.run(MINUTE, isCoveredByLeechers);
    expect(leechers.every(isComplete)).toBe(false);
    seeder.node.stop(() => undefined);
    world.run(5 * MINUTE, () => leechers.every(isComplete));
    expectSameContent(world, leechers);
  });
});

describe('many nodes', () => {
  it('ten nodes that know only the seeder find each other and finish', () => {
    const world = new World({ pieces: 64, network: { latencyMs: 5 } });
    const link = { upBytesPerSecond: 1_000_000, downBytesPerSecond: 4_000_000 };
    const seeder = world.seeder('10.0.0.1', { link });
    const leechers = Array.from({ length: 9 }, (_, i) =>
      world.leecher(`10.0.0.${String(i + 2)}`, { link, peers: [seeder.address] }),
    );
    world.run(5 * MINUTE, () => leechers.every(isComplete));
    expectSameContent(world, leechers);
    expect(seeder.swarm.status().uploadedBytes / world.content.length).toBeLessThan(3);
  });

  it('a hundred nodes finish, and the same seed gives the same run', () => {
    const runs = [7, 7].map((seed) => hundredNodes(seed));
    expect(runs[0]).toEqual(runs[1]);
  }, 120_000);
});

/** Who finished when: a digest of the whole run, because every decision moves it. */
function hundredNodes(seed: number): string[] {
  const world = new World({ seed, pieces: 12, network: { latencyMs: 20 } });
  const link = { upBytesPerSecond: 1_000_000, downBytesPerSecond: 4_000_000 };
  const seeder = world.seeder('10.0.0.1', { link });
  const leechers = Array.from({ length: 99 }, (_, i) =>
    world.leecher(`10.0.1.${String(i + 1)}`, { link, peers: [seeder.address] }),
  );
  world.run(10 * MINUTE, () => leechers.every(isComplete));
  expectSameContent(world, leechers);
  return leechers.map(
    (peer) => `${peer.address.host} ${String(peer.completedAt)} ${String(peer.swarm.status().uploadedBytes)}`,
  );
}
