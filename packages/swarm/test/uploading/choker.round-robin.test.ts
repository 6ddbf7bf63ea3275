import { describe, expect, it } from 'vitest';

import type { Choker } from '../../src/core/uploading/choker.js';
import type { ChokerPeer } from '../../src/core/uploading/choking/choker-policy.js';
import { chokerOf, peer } from './choker-fixture.js';

describe('RoundRobin', () => {
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
