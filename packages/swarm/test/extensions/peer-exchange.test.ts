import { PEX_FLAGS, type PeerAddress, type UtPex } from '@p2p/wire';
import { describe, expect, it } from 'vitest';

import { PeerExchange } from '../../src/core/extensions/peer-exchange.js';
import { SeededRandom } from '../../src/testing/index.js';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;

function peer(index: number): PeerAddress {
  return { host: `20.${Math.floor(index / 250)}.${index % 250}.1`, port: 7000 };
}

/** An exchange in which session 1 listens. */
function listenedTo({ jitterMs = 0 } = {}) {
  const exchange = new PeerExchange(new SeededRandom(1), { jitterMs });
  exchange.open(1, 0);
  return exchange;
}

function join(exchange: PeerExchange, index: number, now = 0, { isReachable = true, isUploadOnly = false } = {}): void {
  exchange.peerConnected({ session: index, address: peer(index), isReachable, isUploadOnly }, now);
}

function hosts(message: UtPex | undefined): { added: string[]; dropped: string[] } {
  const added = message?.added.map(({ address }) => address.host) ?? [];
  return { added: added.sort(), dropped: message?.dropped.map(({ host }) => host).sort() ?? [] };
}

describe('what a peer is told', () => {
  it('is who is there, at once', () => {
    const exchange = listenedTo();
    join(exchange, 2);
    join(exchange, 3);
    expect(exchange.nextDeadline()).toBe(0);
    expect(hosts(exchange.nextMessage(1, 0))).toEqual({ added: [peer(2).host, peer(3).host], dropped: [] });
  });

  it('is nothing while nobody else is there, and then it is not made to wait', () => {
    const exchange = listenedTo();
    join(exchange, 1);
    expect(exchange.nextMessage(1, 0)).toBeUndefined();
    expect(exchange.nextDeadline()).toBeUndefined();
    join(exchange, 2, 7 * SECOND);
    expect(hosts(exchange.nextMessage(1, 7 * SECOND)).added).toEqual([peer(2).host]);
  });

  it('is never the peer itself', () => {
    const exchange = listenedTo();
    join(exchange, 1);
    join(exchange, 2);
    expect(hosts(exchange.nextMessage(1, 0)).added).toEqual([peer(2).host]);
  });

  it('says which peers we could dial, and which want nothing', () => {
    const exchange = listenedTo();
    join(exchange, 2, 0, { isReachable: true, isUploadOnly: true });
    join(exchange, 3, 0, { isReachable: false });
    const flags = new Map(exchange.nextMessage(1, 0)?.added.map(({ address, flags }) => [address.host, flags]));
    expect(flags.get(peer(2).host)).toBe(PEX_FLAGS.reachable | PEX_FLAGS.uploadOnly);
    expect(flags.get(peer(3).host)).toBe(0);
  });

  it('is only what changed since, and no sooner than 65 s later', () => {
    const exchange = listenedTo();
    join(exchange, 2);
    join(exchange, 3);
    exchange.nextMessage(1, 0);
    expect(exchange.nextDeadline()).toBeUndefined();
    join(exchange, 4, SECOND);
    exchange.peerDisconnected(2);
    expect(exchange.nextMessage(1, 64_999)).toBeUndefined();
    expect(exchange.nextDeadline()).toBe(65 * SECOND);
    expect(hosts(exchange.nextMessage(1, 65 * SECOND))).toEqual({ added: [peer(4).host], dropped: [peer(2).host] });
    expect(exchange.nextMessage(1, 10 * MINUTE)).toBeUndefined();
  });

  it('comes a little later for some, so that a swarm does not speak all at once', () => {
    const deadlines = new Set<number | undefined>();
    const exchange = new PeerExchange(new SeededRandom(1));
    for (let session = 1; session <= 20; session++) exchange.open(session, 0);
    for (let session = 1; session <= 20; session++) {
      join(exchange, 100 + session);
      exchange.nextMessage(session, 0);
    }
    for (let now = 65 * SECOND; now <= 70 * SECOND; now += 1) {
      for (let session = 1; session <= 20; session++)
        if (exchange.nextMessage(session, now) !== undefined) deadlines.add(now);
    }
    expect(deadlines.size).toBeGreaterThan(10);
  });

  it('says nothing of one who came and went, or went and came back, in between', () => {
    const exchange = listenedTo();
    join(exchange, 2);
    exchange.nextMessage(1, 0);
    join(exchange, 3, SECOND);
    exchange.peerDisconnected(3);
    exchange.peerDisconnected(2);
    join(exchange, 2, 2 * SECOND);
    expect(exchange.nextMessage(1, 70 * SECOND)).toBeUndefined();
  });

  it('is twenty-five at first and fifty at a time later, chosen by lot, those that can be dialled first', () => {
    const exchange = listenedTo();
    for (let index = 2; index < 182; index++) join(exchange, index, 0, { isReachable: index >= 102 });
    const messages = [0, 70, 140, 210, 280].map((seconds) => exchange.nextMessage(1, seconds * SECOND)?.added ?? []);
    expect(messages.map(({ length }) => length)).toEqual([25, 50, 50, 50, 5]);
    const told = messages.flat().map(({ address }) => address.host);
    expect(new Set(told).size).toBe(180);
    expect(
      messages
        .flat()
        .slice(0, 80)
        .every(({ flags }) => flags === PEX_FLAGS.reachable),
    ).toBe(true);
    expect(told.slice(0, 80)).not.toEqual(Array.from({ length: 80 }, (_, index) => peer(index + 102).host));
    for (let index = 2; index < 122; index++) exchange.peerDisconnected(index);
    const drops = [350, 420, 490, 560].map((seconds) => exchange.nextMessage(1, seconds * SECOND)?.dropped.length ?? 0);
    expect(drops).toEqual([50, 50, 20, 0]);
  });

  it('does not come to a peer that does not want it, which then is not waited for either', () => {
    const exchange = listenedTo();
    join(exchange, 2);
    exchange.listens(1, false, 0);
    expect([exchange.due(0), exchange.nextDeadline(), exchange.nextMessage(1, 0)]).toEqual([[], undefined, undefined]);
    exchange.listens(1, true, 5 * SECOND);
    expect([exchange.due(5 * SECOND), exchange.nextDeadline()]).toEqual([[1], 5 * SECOND]);
  });

  it('does not come after the session is closed', () => {
    const exchange = listenedTo();
    join(exchange, 2);
    exchange.close(1);
    expect([exchange.nextMessage(1, 0), exchange.nextDeadline()]).toEqual([undefined, undefined]);
  });
});

describe('in a thin swarm', () => {
  it('peers that we left not long ago are told once, and taken back in the next message', () => {
    const exchange = listenedTo();
    join(exchange, 2);
    join(exchange, 3);
    exchange.peerDisconnected(2, 0);
    expect(hosts(exchange.nextMessage(1, 0))).toEqual({ added: [peer(2).host, peer(3).host], dropped: [] });
    expect(hosts(exchange.nextMessage(1, 65 * SECOND))).toEqual({ added: [], dropped: [peer(2).host] });
    expect(exchange.nextMessage(1, 3 * MINUTE)).toBeUndefined();
    join(exchange, 4, 3 * MINUTE);
    expect(hosts(exchange.nextMessage(1, 3 * MINUTE))).toEqual({ added: [peer(4).host], dropped: [] });
  });

  it('a peer that we leave a second time is told a second time', () => {
    const exchange = listenedTo();
    for (const now of [0, 4 * MINUTE]) {
      join(exchange, 2, now);
      exchange.peerDisconnected(2, now);
      expect(hosts(exchange.nextMessage(1, now))).toEqual({ added: [peer(2).host], dropped: [] });
      expect(hosts(exchange.nextMessage(1, now + 65 * SECOND))).toEqual({ added: [], dropped: [peer(2).host] });
    }
  });

  it('peers that left us, or that we left long ago, are not told', () => {
    const exchange = listenedTo();
    join(exchange, 2);
    exchange.peerDisconnected(2);
    join(exchange, 3);
    exchange.peerDisconnected(3, 0);
    expect(exchange.nextMessage(1, 11 * MINUTE)).toBeUndefined();
  });

  it('a peer that comes back in time is not taken back', () => {
    const exchange = listenedTo();
    join(exchange, 2);
    exchange.peerDisconnected(2, 0);
    exchange.nextMessage(1, 0);
    join(exchange, 2, SECOND);
    expect(exchange.nextMessage(1, 65 * SECOND)).toBeUndefined();
  });

  it('ends at 25 peers: with so many, only those who are there are told', () => {
    const exchange = listenedTo();
    join(exchange, 99);
    exchange.peerDisconnected(99, 0);
    for (let index = 2; index < 27; index++) join(exchange, index);
    expect(hosts(exchange.nextMessage(1, 0)).added).not.toContain(peer(99).host);
  });

  it('remembers no more than 25', () => {
    const exchange = listenedTo();
    for (let index = 2; index < 42; index++) {
      join(exchange, index);
      exchange.peerDisconnected(index, 0);
    }
    expect(exchange.nextMessage(1, 0)?.added).toHaveLength(25);
  });
});

describe('the pace of what a peer tells us', () => {
  const nothing: UtPex = { added: [], dropped: [] };

  function tooFastAt(times: number[]): number[] {
    const exchange = listenedTo();
    return times.filter((now) => exchange.received(1, nothing, peer(1), now).kind === 'tooFast');
  }

  it('may be six messages at once, but not seven in a minute', () => {
    expect(tooFastAt([0, 1, 2, 3, 4, 5])).toEqual([]);
    expect(tooFastAt([0, 1, 2, 3, 4, 5, 6])).toEqual([6]);
  });

  it('may be a message a minute for ever', () => {
    expect(tooFastAt(Array.from({ length: 100 }, (_, index) => index * MINUTE))).toEqual([]);
  });

  it('is kept by our own nodes, and is slow enough for everybody', () => {
    const sender = listenedTo();
    const times: number[] = [];
    for (let now = 0; now < 10 * MINUTE; now += 100) {
      join(sender, 2 + ((now / 100) % 3_000), now);
      if (sender.nextMessage(1, now) !== undefined) times.push(now);
    }
    expect(times.length).toBeGreaterThan(8);
    expect(Math.min(...times.slice(1).map((at, index) => at - (times[index] ?? 0)))).toBeGreaterThanOrEqual(MINUTE);
    expect(tooFastAt(times)).toEqual([]);
  });

  it('lets a peer tell a hundred at first, and fifty later', () => {
    const exchange = listenedTo();
    const added = Array.from({ length: 120 }, (_, index) => ({ address: peer(index), flags: 0 }));
    const counts = [0, MINUTE].map((now) => {
      const outcome = exchange.received(1, { added, dropped: [] }, peer(999), now);
      return outcome.kind === 'accepted' ? outcome.peers.length : -1;
    });
    expect(counts).toEqual([100, 50]);
  });
});
