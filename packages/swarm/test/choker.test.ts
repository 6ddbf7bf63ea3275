import { describe, expect, it } from 'vitest';

import { Choker, type ChokerPeer } from '../src/core/choker.js';
import { SeededRandom } from '../src/testing/seeded-random.js';

describe('Choker', () => {
  it('is due at once, then every round', () => {
    const choker = chokerOf(4);
    expect(choker.nextRound(500)).toBe(500);
    choker.rechoke([], false, 500);
    expect(choker.nextRound(500)).toBe(10_500);
    expect(choker.nextRound(20_000)).toBe(20_000);
  });

  it('unchokes every interested peer while there are slots', () => {
    const peers = [peer(1), peer(2), peer(3, { isInterested: false })];
    expect(chokerOf(4).rechoke(peers, false, 0)).toEqual({ unchoke: [1, 2], choke: [] });
    expect(chokerOf(4).rechoke(peers, true, 0)).toEqual({ unchoke: [1, 2], choke: [] });
  });

  it('knows a free slot by how many peers are served', () => {
    const choker = chokerOf(2);
    expect(choker.hasFreeSlot(1)).toBe(true);
    expect(choker.hasFreeSlot(2)).toBe(false);
  });

  it('chokes a peer that wants nothing any more', () => {
    const idle = peer(1, { isInterested: false, isUnchoked: true, unchokedAt: 0 });
    for (const isSeeding of [false, true]) {
      expect(chokerOf(4).rechoke([idle], isSeeding, 10_000)).toEqual({ unchoke: [], choke: [1] });
    }
  });
});

describe('Choker of a leecher', () => {
  it('gives the slots to those who send most, and one to somebody by chance', () => {
    const peers = [10, 50, 30, 20, 40].map((rate, index) => peer(index + 1, { downBytesPerSecond: rate }));
    const lucky = new Set<number>();
    for (let seed = 0; seed < 40; seed++) {
      const { unchoke } = chokerOf(4, seed).rechoke(peers, false, 0);
      expect(unchoke).toHaveLength(4);
      expect(unchoke).toEqual(expect.arrayContaining([2, 5, 3]));
      for (const session of unchoke) if (![2, 5, 3].includes(session)) lucky.add(session);
    }
    expect([...lucky].sort()).toEqual([1, 4]);
  });

  it.each([1, 2, 3, 4, 5, 6, 7, 8])(
    'leaves the optimistic slot with one peer for 30 s, then moves it on (seed %d)',
    (seed) => {
      const choker = chokerOf(2, seed);
      const held = { isUnchoked: true, unchokedAt: 0 };
      const candidates = [1, 2, 3, 4];
      const best = peer(9, { ...held, downBytesPerSecond: 100 });
      const first = choker.rechoke([best, ...candidates.map((each) => peer(each))], false, 0).unchoke[0] ?? 0;
      expect(candidates).toContain(first);
      const later = [best, ...candidates.map((each) => (each === first ? peer(each, held) : peer(each)))];
      expect(choker.rechoke(later, false, 10_000)).toEqual({ unchoke: [], choke: [] });
      expect(choker.rechoke(later, false, 20_000)).toEqual({ unchoke: [], choke: [] });
      const moved = choker.rechoke(later, false, 30_000);
      expect(moved.choke).toEqual([first]);
      expect(moved.unchoke).toHaveLength(1);
      expect(moved.unchoke).not.toContain(first);
    },
  );

  it('draws newcomers three times as often', () => {
    const best = peer(9, { downBytesPerSecond: 100, connectedAt: 0 });
    let newcomers = 0;
    for (let seed = 0; seed < 1_000; seed++) {
      const peers = [best, peer(1, { connectedAt: 0 }), peer(2, { connectedAt: 99_000 })];
      if (chokerOf(2, seed).rechoke(peers, false, 100_000).unchoke.includes(2)) newcomers += 1;
    }
    expect(newcomers).toBeGreaterThan(700);
    expect(newcomers).toBeLessThan(800);
  });

  it('gives nothing for its rate to a peer that snubs us', () => {
    const peers = [
      peer(1, { downBytesPerSecond: 900, isSnubbed: true }),
      ...[2, 3, 4, 5, 6].map((session) => peer(session, { downBytesPerSecond: session })),
    ];
    let asOptimistic = 0;
    for (let seed = 0; seed < 30; seed++) {
      const { unchoke } = chokerOf(5, seed).rechoke(peers, false, 0);
      expect(unchoke).toEqual(expect.arrayContaining([3, 4, 5, 6]));
      if (unchoke.includes(1)) asOptimistic += 1;
    }
    expect(asOptimistic).toBeLessThan(30);
  });

  it('does not move slots between equals', () => {
    const held = { isUnchoked: true, unchokedAt: 0 };
    const peers = [1, 2, 3, 4, 5].map((session) => (session > 3 ? peer(session, held) : peer(session)));
    const { choke } = chokerOf(3).rechoke(peers, false, 10_000);
    expect(choke).toEqual([]);
  });
});

describe('Choker of a seeder', () => {
  const MIB = 1_048_576;

  it('leaves a peer its slot for a minute and its quota', () => {
    const choker = chokerOf(1);
    const waiting = peer(2);
    const turn = (ms: number, bytes: number): ReturnType<Choker['rechoke']> => {
      const held = { isUnchoked: true, unchokedAt: 0, upBytesPerSecond: 5, uploadedSinceUnchoke: bytes };
      return choker.rechoke([peer(1, held), waiting], true, ms);
    };
    expect(turn(10_000, 100 * MIB)).toEqual({ unchoke: [], choke: [] });
    expect(turn(70_000, 1 * MIB)).toEqual({ unchoke: [], choke: [] });
    expect(turn(70_000, 5 * MIB)).toEqual({ unchoke: [2], choke: [1] });
  });

  it('takes the slot from a peer that takes nothing for a minute', () => {
    const held = peer(1, { isUnchoked: true, unchokedAt: 0 });
    expect(chokerOf(1).rechoke([held, peer(2)], true, 59_999).choke).toEqual([]);
    expect(chokerOf(1).rechoke([held, peer(2)], true, 60_000)).toEqual({ unchoke: [2], choke: [1] });
  });

  it('leaves a peer its slot beyond its turn when nobody waits', () => {
    const held = peer(1, { isUnchoked: true, unchokedAt: 0 });
    expect(chokerOf(1).rechoke([held], true, 900_000)).toEqual({ unchoke: [], choke: [] });
  });

  it('puts a peer whose turn was long behind those who wait since earlier', () => {
    const choker = chokerOf(2);
    const done = { isUnchoked: true, unchokedAt: 0, upBytesPerSecond: 9, uploadedSinceUnchoke: 9 * MIB };
    const busy = { ...done, uploadedSinceUnchoke: 1 };
    const round = (now: number, held: Readonly<Record<number, Partial<ChokerPeer>>>): ReturnType<Choker['rechoke']> =>
      choker.rechoke(
        [1, 2, 3, 4].map((session) => peer(session, held[session] ?? {})),
        true,
        now,
      );
    expect(round(0, {}).unchoke).toEqual([1, 2]);
    expect(round(60_000, { 1: busy, 2: done })).toEqual({ unchoke: [3], choke: [2] });
    expect(round(120_000, { 1: busy, 3: done })).toEqual({ unchoke: [4], choke: [3] });
    expect(round(180_000, { 1: done, 4: busy })).toEqual({ unchoke: [2], choke: [1] });
    // The first waits since 180 s, the third since 120 s.
    expect(round(240_000, { 2: done, 4: busy })).toEqual({ unchoke: [3], choke: [2] });
  });

  it('goes round: everybody gets a turn before anybody gets a second one', () => {
    const choker = chokerOf(2);
    const unchokedAt = new Map<number, number>();
    const turns = new Map<number, number>();
    for (let now = 0; now < 400_000; now += 10_000) {
      const peers = [1, 2, 3, 4, 5].map((session) => {
        const at = unchokedAt.get(session);
        const isUnchoked = at !== undefined;
        return peer(session, {
          isUnchoked,
          unchokedAt: at,
          upBytesPerSecond: 9,
          uploadedSinceUnchoke: isUnchoked ? 9 * MIB : 0,
        });
      });
      const { unchoke, choke } = choker.rechoke(peers, true, now);
      for (const session of choke) unchokedAt.delete(session);
      for (const session of unchoke) unchokedAt.set(session, now);
      for (const session of unchoke) turns.set(session, (turns.get(session) ?? 0) + 1);
      expect(unchokedAt.size).toBe(2);
      const counts = [1, 2, 3, 4, 5].map((session) => turns.get(session) ?? 0);
      expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(1);
    }
    expect([...turns.values()].reduce((sum, count) => sum + count)).toBe(14);
  });
});

function chokerOf(slots: number, seed = 1): Choker {
  return new Choker(new SeededRandom(seed), { slots, roundMs: 10_000, optimisticMs: 30_000 });
}

function peer(session: number, more: Partial<ChokerPeer> = {}): ChokerPeer {
  return {
    session,
    isInterested: true,
    isUnchoked: false,
    downBytesPerSecond: 0,
    upBytesPerSecond: 0,
    unchokedAt: undefined,
    connectedAt: 0,
    isSnubbed: false,
    uploadedSinceUnchoke: 0,
    ...more,
  };
}
