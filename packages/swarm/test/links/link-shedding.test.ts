import { describe, expect, it } from 'vitest';

import { linkToShed, type SheddingContext } from '../../src/core/links/link-shedding.js';
import { Session } from '../../src/core/session.js';
import { DEFAULT_SWARM_OPTIONS } from '../../src/swarm-options.js';
import { block } from '../downloading/request-window-fixture.js';

const MINUTE = 60_000;
const NOW = 10 * MINUTE;

interface LinkSettings {
  readonly openedAt?: number;
  readonly links?: number;
  readonly isOutgoing?: boolean;
  readonly isServingUs?: boolean;
}

/** An open session, old, well connected and told of others unless said otherwise. */
function link(id: number, { openedAt = 0, links = 50, isOutgoing = false, isServingUs = false }: LinkSettings = {}) {
  const remote = { host: `20.${id}.0.1`, port: 7000 };
  const session = new Session(id, { isOutgoing, remote, now: openedAt }, DEFAULT_SWARM_OPTIONS);
  if (isOutgoing) session.advance('connected');
  session.advance('accepted');
  session.toldLinkCount = links;
  session.hasBeenTold = true;
  session.amInterested = isServingUs;
  session.isChokingUs = !isServingUs;
  return session;
}

/** Who goes; a session's priority is its id. */
function shed(sessions: readonly Session[], context: Partial<SheddingContext> = {}): number | undefined {
  return linkToShed(sessions, {
    now: NOW,
    priorityOf: ({ id }) => id,
    reservedForYoung: 2,
    enoughLinks: 40,
    fewLinks: 20,
    isForced: false,
    ...context,
  })?.id;
}

describe('the link that is given up', () => {
  it('is the one that BEP 40 ranks lowest', () => {
    expect(shed([link(3), link(1), link(2)])).toBe(1);
  });

  it('is of nobody who has yet to hear whom it may turn to, even when somebody must go', () => {
    // Of 400 that came at once to a node of 100 places, half were let in and sent away untold, for 40 s.
    const newcomers = [1, 2, 3].map((id) => link(id, { openedAt: NOW - 100, links: 0 }));
    for (const newcomer of newcomers) newcomer.hasBeenTold = false;
    const forced = { reservedForYoung: 0, isForced: true };
    expect(shed(newcomers, forced)).toBeUndefined();
    for (const newcomer of newcomers.slice(1)) newcomer.hasBeenTold = true;
    expect(shed(newcomers, forced)).toBe(2);
    expect(shed(newcomers, { ...forced, now: NOW + 5_000 })).toBe(1);
  });

  it('is of a peer with links enough before one with fewer, and of nobody with few', () => {
    expect(shed([link(1, { links: 30 }), link(2, { links: 40 })])).toBe(2);
    expect(shed([link(1, { links: 19 }), link(2, { links: 20 })])).toBe(2);
    expect(shed([link(1, { links: 19 })])).toBeUndefined();
  });

  it('is of the best connected while no priority is known', () => {
    const sessions = [link(1, { links: 50 }), link(2, { links: 60 }), link(3, { links: 55 })];
    expect(shed(sessions, { priorityOf: () => 0 })).toBe(2);
  });

  it('is none over which blocks go', () => {
    expect(shed([link(1, { isServingUs: true }), link(2)])).toBe(2);
    expect(shed([link(1, { isServingUs: true })])).toBeUndefined();
  });

  it('is none over which what was asked for in a turn goes, though the peer is choked', () => {
    // Seven of 400 newcomers left the seeder, and the seeder some of them, before their first piece was there.
    const wanted = block(0);
    const served = link(1);
    served.uploads.enqueue(wanted);
    const asked = link(2);
    asked.window.sent(wanted, NOW);
    const isOnItsWay = link(3);
    isOnItsWay.unflushedBlockBytes = wanted.length;
    expect(shed([served, asked, isOnItsWay])).toBeUndefined();
    expect(shed([served, asked, isOnItsWay, link(4)], { isForced: true })).toBe(4);
    expect(shed([served, asked, isOnItsWay], { isForced: true })).toBe(1);
  });

  it('is one of theirs while no more than half are our own choice', () => {
    expect(shed([link(1, { isOutgoing: true }), link(2)])).toBe(2);
    expect(shed([link(1, { isOutgoing: true }), link(2, { isOutgoing: true }), link(3)])).toBe(1);
  });

  it('is none of the newest of the last minute, as many as places are kept for them', () => {
    const young = [1, 2, 3].map((id) => link(id, { openedAt: NOW - 10 + id }));
    expect(shed([...young, link(4)])).toBe(1);
    expect(shed([...young.slice(1), link(4)])).toBe(4);
    expect(shed([link(1, { openedAt: NOW - MINUTE }), link(4)])).toBe(1);
  });

  it('is, when somebody must go, one with few links or at work if there is no other, but never one of the newest', () => {
    const poor = link(1, { links: 3 });
    const busy = link(2, { isServingUs: true });
    expect(shed([poor, busy], { isForced: true })).toBe(1);
    expect(shed([busy], { isForced: true })).toBe(2);
    expect(shed([link(3, { openedAt: NOW }), link(4, { openedAt: NOW })], { isForced: true })).toBeUndefined();
  });

  it('is never one that is not open', () => {
    const dialing = new Session(1, { isOutgoing: true, remote: link(1).remote, now: 0 }, DEFAULT_SWARM_OPTIONS);
    expect(shed([dialing], { isForced: true })).toBeUndefined();
  });
});
