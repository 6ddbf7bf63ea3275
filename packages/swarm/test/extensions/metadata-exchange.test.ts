import { sha1, type UtMetadata } from '@p2p/wire';
import { describe, expect, it } from 'vitest';

import { answerMetadataRequest, MetadataFetch } from '../../src/core/extensions/metadata-exchange.js';

const BLOCK = 16_384;
const INFO = Uint8Array.from({ length: 3 * BLOCK + 100 }, (_, index) => (index * 13 + (index >> 9)) & 0xff);
const INFO_HASH = sha1(INFO);

function fetch(): MetadataFetch {
  return new MetadataFetch(INFO_HASH);
}

function data(piece: number, info: Uint8Array = INFO): UtMetadata {
  return answerMetadataRequest(info, piece);
}

/** Another dictionary of the same size, wrong in each of its pieces. */
function poison(): Uint8Array {
  return INFO.map((byte, index) => (index % 50 === 0 ? byte ^ 1 : byte));
}

function pieces(requests: { readonly session: number; readonly piece: number }[]): [number, number][] {
  return requests.map(({ session, piece }) => [session, piece]);
}

/** Four liars with as many sizes, each of twenty pieces and more. */
function beset(): MetadataFetch {
  const metadata = fetch();
  for (let liar = 1; liar <= 4; liar++) metadata.addPeer(liar, lieOf(liar).length, 0);
  return metadata;
}

function lieOf(liar: number): Uint8Array {
  return new Uint8Array((20 + liar) * BLOCK);
}

function lie(metadata: MetadataFetch, liar: number, piece: number, now = 0): string {
  return metadata.received(liar, data(piece, lieOf(liar)), now).kind;
}

/** Peer 9 answers all that it is asked, the liars one request each `dripMs`; whether the metadata is complete before. */
function untilComplete(metadata: MetadataFetch, untilMs: number, dripMs = Infinity): boolean {
  const answeredAt = new Map<number, number>();
  for (let now = 0; now < untilMs; now += 500) {
    for (const { session, piece } of metadata.nextRequests(now)) {
      if (session === 9 && metadata.received(9, data(piece), now).kind === 'complete') return true;
      if (session === 9 || now - (answeredAt.get(session) ?? -Infinity) < dripMs) continue;
      answeredAt.set(session, now);
      lie(metadata, session, piece, now);
    }
  }
  return false;
}

describe('the answer to a metadata request', () => {
  it('is the piece, the last one shorter, with the size of the whole', () => {
    const first = answerMetadataRequest(INFO, 0);
    const last = answerMetadataRequest(INFO, 3);
    expect(first).toMatchObject({ type: 'data', piece: 0, totalBytes: INFO.length });
    expect([first, last].map((answer) => (answer.type === 'data' ? answer.data.length : 0))).toEqual([BLOCK, 100]);
  });

  it('is a reject when we have nothing, or no such piece', () => {
    expect(answerMetadataRequest(undefined, 0)).toEqual({ type: 'reject', piece: 0 });
    expect(answerMetadataRequest(INFO, 4)).toEqual({ type: 'reject', piece: 4 });
    expect(answerMetadataRequest(INFO.subarray(0, BLOCK), 1)).toEqual({ type: 'reject', piece: 1 });
  });
});

describe('fetching the metadata', () => {
  it('asks one peer for two pieces at a time, and is complete when all of them are there and right', () => {
    const metadata = fetch();
    expect(metadata.addPeer(1, INFO.length, 0)).toBe(true);
    expect(pieces(metadata.nextRequests(0))).toEqual([
      [1, 0],
      [1, 1],
    ]);
    expect(metadata.nextRequests(0)).toEqual([]);
    expect(metadata.received(1, data(1), 10)).toEqual({ kind: 'progress' });
    expect(pieces(metadata.nextRequests(10))).toEqual([[1, 2]]);
    metadata.received(1, data(0), 20);
    metadata.received(1, data(2), 20);
    expect(pieces(metadata.nextRequests(20))).toEqual([[1, 3]]);
    expect(metadata.received(1, data(3), 30)).toEqual({ kind: 'complete', infoBytes: INFO });
    expect([metadata.nextRequests(40), metadata.nextDeadline()]).toEqual([[], undefined]);
  });

  it('shares the work between peers', () => {
    const metadata = fetch();
    metadata.addPeer(1, INFO.length, 0);
    metadata.addPeer(2, INFO.length, 0);
    expect(pieces(metadata.nextRequests(0))).toEqual([
      [1, 0],
      [2, 1],
      [1, 2],
      [2, 3],
    ]);
  });

  it('asks another peer for a piece that has not come in three seconds', () => {
    const metadata = fetch();
    metadata.addPeer(1, INFO.length, 0);
    metadata.nextRequests(0);
    metadata.addPeer(2, INFO.length, 1_000);
    expect(pieces(metadata.nextRequests(1_000))).toEqual([
      [2, 2],
      [2, 3],
    ]);
    metadata.received(2, data(2), 1_100);
    metadata.received(2, data(3), 1_100);
    expect(metadata.nextRequests(1_100)).toEqual([]);
    expect(metadata.nextDeadline()).toBe(3_000);
    expect(pieces(metadata.nextRequests(3_000))).toEqual([
      [2, 0],
      [2, 1],
    ]);
  });

  it('takes a late answer all the same', () => {
    const metadata = fetch();
    metadata.addPeer(1, INFO.length, 0);
    metadata.nextRequests(0);
    metadata.nextRequests(60_000);
    expect(metadata.received(1, data(0), 60_000)).toEqual({ kind: 'progress' });
  });

  it('asks a silent peer again after fifteen seconds, and leaves it alone for a minute after four lost requests', () => {
    const metadata = fetch();
    metadata.addPeer(1, INFO.length, 0);
    metadata.nextRequests(0);
    expect(metadata.nextRequests(14_999)).toEqual([]);
    expect(metadata.nextRequests(15_000)).toHaveLength(2);
    expect(metadata.nextRequests(30_000)).toEqual([]);
    expect(metadata.nextDeadline()).toBe(90_000);
    expect(metadata.nextRequests(90_000)).toHaveLength(2);
  });

  it('does not hold lost requests against a peer that answers in between', () => {
    const large = new Uint8Array(8 * BLOCK);
    const metadata = new MetadataFetch(sha1(large));
    metadata.addPeer(1, large.length, 0);
    for (let turn = 0; turn < 6; turn++) {
      const [first] = metadata.nextRequests(turn * 15_000);
      if (first === undefined) throw new Error(`expected a request in turn ${turn}`);
      metadata.received(1, data(first.piece, large), turn * 15_000);
    }
  });

  it('takes another size when those who claimed the others have gone', () => {
    const metadata = fetch();
    const sizeOf = (liar: number) => (liar + 1) * BLOCK;
    for (let liar = 1; liar <= 4; liar++) metadata.addPeer(liar, sizeOf(liar), 0);
    for (const { session, piece } of metadata.nextRequests(0)) {
      if (piece === 0) metadata.received(session, data(0, new Uint8Array(sizeOf(session))), 0);
    }
    metadata.removePeer(3);
    expect([metadata.addPeer(8, INFO.length, 0), metadata.addPeer(9, INFO.length + 1, 0)]).toEqual([true, false]);
  });

  it('pauses a minute with a peer that rejects, not with the others', () => {
    const metadata = fetch();
    metadata.addPeer(1, INFO.length, 0);
    metadata.nextRequests(0);
    metadata.received(1, { type: 'reject', piece: 0 }, 100);
    metadata.received(1, { type: 'reject', piece: 1 }, 100);
    expect(metadata.nextRequests(60_099)).toEqual([]);
    expect(metadata.nextDeadline()).toBe(60_100);
    metadata.addPeer(2, INFO.length, 60_099);
    expect(pieces(metadata.nextRequests(60_099))).toEqual([
      [2, 0],
      [2, 1],
    ]);
    expect(pieces(metadata.nextRequests(60_100))).toEqual([
      [1, 2],
      [1, 3],
    ]);
  });

  it('gives the pieces of a peer that left to others', () => {
    const metadata = fetch();
    metadata.addPeer(1, INFO.length, 0);
    metadata.addPeer(2, INFO.length, 0);
    metadata.nextRequests(0);
    metadata.removePeer(1);
    metadata.received(2, data(1), 10);
    metadata.received(2, data(3), 10);
    expect(pieces(metadata.nextRequests(10))).toEqual([
      [2, 0],
      [2, 2],
    ]);
  });

  it('believes no size above 16 MiB, and none that cannot be', () => {
    const sizes = [0, -1, 1.5, NaN, 16 * 1_048_576 + 1];
    expect(sizes.map((size) => fetch().addPeer(1, size, 0))).toEqual([false, false, false, false, false]);
    expect(fetch().addPeer(1, 16 * 1_048_576, 0)).toBe(true);
  });

  it('is not held up by a peer that lies about the size and then is silent', () => {
    const metadata = fetch();
    metadata.addPeer(1, 5_000_000, 0);
    metadata.nextRequests(0);
    metadata.addPeer(2, INFO.length, 0);
    for (let turn = 0; turn < 4; turn++) {
      for (const { session, piece } of metadata.nextRequests(turn)) {
        if (session === 2 && metadata.received(2, data(piece), turn).kind === 'complete') return;
      }
    }
    throw new Error('expected the metadata to be complete');
  });

  it('tries four sizes at a time, and gives up one of which nothing comes for another', () => {
    const metadata = fetch();
    for (let liar = 1; liar <= 4; liar++) metadata.addPeer(liar, liar * 1_000, 0);
    metadata.nextRequests(0);
    expect(metadata.addPeer(9, INFO.length, 1_000)).toBe(false);
    expect(pieces(metadata.nextRequests(15_000))).toContainEqual([9, 0]);
    expect(metadata.addPeer(9, INFO.length, 15_000)).toBe(true);
  });

  it('gives up a size of which something came once, when nobody who claims it answers any more', () => {
    const metadata = beset();
    for (const { session, piece } of metadata.nextRequests(0)) if (piece === 0) lie(metadata, session, 0);
    expect(metadata.addPeer(9, INFO.length, 1_000)).toBe(false);
    expect(untilComplete(metadata, 16_000)).toBe(true);
  });

  it('gives up a size of which a piece comes now and then, after two minutes', () => {
    const metadata = beset();
    metadata.addPeer(9, INFO.length, 0);
    expect(untilComplete(metadata, 125_000, 10_000)).toBe(true);
  });

  it('leaves a size the place for as long as nobody claims another', () => {
    const metadata = fetch();
    metadata.addPeer(1, INFO.length, 0);
    for (let piece = 0; piece < 3; piece++) {
      metadata.nextRequests(piece * 100_000);
      metadata.received(1, data(piece), piece * 100_000);
    }
    metadata.nextRequests(300_000);
    expect(metadata.received(1, data(3), 300_000).kind).toBe('complete');
  });

  it('looks again at an offer that was one too many when a place is free', () => {
    const metadata = beset();
    metadata.nextRequests(0);
    expect(metadata.addPeer(9, INFO.length, 0)).toBe(false);
    metadata.removePeer(2);
    expect(pieces(metadata.nextRequests(1))).toContainEqual([9, 0]);
  });

  it('has nothing against a late answer of a peer whose size was given up', () => {
    const metadata = beset();
    metadata.nextRequests(0);
    metadata.addPeer(9, INFO.length, 0);
    metadata.nextRequests(15_000);
    for (let liar = 1; liar <= 4; liar++) expect(lie(metadata, liar, 0)).toBe('progress');
  });

  it('starts over with a peer that changes its mind about the size', () => {
    const metadata = fetch();
    metadata.addPeer(1, 500, 0);
    metadata.addPeer(1, INFO.length, 5);
    expect(pieces(metadata.nextRequests(5))).toEqual([
      [1, 0],
      [1, 1],
    ]);
  });
});

describe('a peer that breaks the rules of metadata', () => {
  it('sends what it was not asked for', () => {
    const metadata = fetch();
    metadata.addPeer(1, INFO.length, 0);
    metadata.nextRequests(0);
    expect(metadata.received(1, data(2), 0)).toEqual({
      kind: 'violation',
      code: 'metadata piece that was not requested',
    });
  });

  it('sends another size than it announced', () => {
    const metadata = fetch();
    metadata.addPeer(1, INFO.length, 0);
    metadata.nextRequests(0);
    const other = answerMetadataRequest(new Uint8Array(BLOCK), 0);
    expect(metadata.received(1, other, 0)).toEqual({
      kind: 'violation',
      code: 'metadata of another size than announced',
    });
    const short: UtMetadata = { type: 'data', piece: 0, totalBytes: INFO.length, data: new Uint8Array(5) };
    expect(metadata.received(1, short, 0)).toMatchObject({ kind: 'violation' });
  });

  it('is blamed at once for metadata that is wrong, if all of it was its own', () => {
    const metadata = fetch();
    const bad = poison();
    metadata.addPeer(1, INFO.length, 0);
    for (let turn = 0; turn < 2; turn++) {
      for (const { piece } of metadata.nextRequests(turn)) {
        const outcome = metadata.received(1, data(piece, bad), turn);
        if (piece === 3) expect(outcome).toEqual({ kind: 'corrupt', blame: [1] });
      }
    }
    expect(metadata.nextRequests(10)).toEqual([]);
  });

  it('is found out by asking one at a time when its pieces were mixed with good ones', () => {
    const metadata = fetch();
    const bad = poison();
    metadata.addPeer(1, INFO.length, 0);
    metadata.addPeer(2, INFO.length, 0);
    metadata.addPeer(3, INFO.length, 0);
    const outcomes: unknown[] = [];
    for (let now = 0; now < 20; now++) {
      const requests = metadata.nextRequests(now);
      if (now > 4) expect(new Set(requests.map(({ session }) => session)).size).toBeLessThanOrEqual(1);
      for (const { session, piece } of requests) {
        const outcome = metadata.received(session, data(piece, session === 1 ? bad : INFO), now);
        if (outcome.kind !== 'progress') outcomes.push(outcome);
      }
    }
    expect(outcomes).toEqual([
      { kind: 'corrupt', blame: [] },
      { kind: 'corrupt', blame: [1] },
      { kind: 'complete', infoBytes: INFO },
    ]);
  });

  it('spoils nothing by leaving while it is asked alone, nor by answering when another is', () => {
    const metadata = fetch();
    const bad = poison();
    metadata.addPeer(1, INFO.length, 0);
    metadata.addPeer(2, INFO.length, 0);
    for (const { session, piece } of metadata.nextRequests(0)) {
      metadata.received(session, data(piece, session === 1 ? bad : INFO), 0);
    }
    const [trial] = metadata.nextRequests(1);
    expect(trial).toEqual({ session: 1, piece: 0 });
    metadata.received(1, data(0, bad), 1);
    metadata.removePeer(1);
    metadata.addPeer(3, INFO.length, 1);
    metadata.nextRequests(1);
    metadata.received(2, data(0), 2);
    // Asked in the first round, when nobody was on trial; no piece of its own goes between those of the other.
    expect(metadata.received(2, data(1), 2)).toEqual({ kind: 'progress' });
    const rest = metadata.nextRequests(2);
    expect(rest.map(({ session }) => session)).toEqual([2, 2]);
    const outcomes = rest.map(({ piece }) => metadata.received(2, data(piece), 3));
    expect(outcomes.at(-1)).toEqual({ kind: 'complete', infoBytes: INFO });
  });

  it('has what it sends late ignored while another is asked alone', () => {
    const metadata = fetch();
    const bad = poison();
    for (const session of [2, 1]) metadata.addPeer(session, INFO.length, 0);
    for (const { session, piece } of metadata.nextRequests(0)) {
      metadata.received(session, data(piece, session === 1 ? bad : INFO), 0);
    }
    for (const { session, piece } of metadata.nextRequests(1)) metadata.received(session, data(piece), 1);
    // Session 2 is on trial with pieces 0 and 1; session 1 was asked for 1 and 3 before.
    expect(metadata.received(1, data(3, bad), 2)).toEqual({ kind: 'progress' });
    const outcomes = metadata.nextRequests(2).map(({ session, piece }) => metadata.received(session, data(piece), 3));
    expect(outcomes.at(-1)).toEqual({ kind: 'complete', infoBytes: INFO });
  });

  it('cannot hold up the others by falling silent while it is asked alone', () => {
    const metadata = fetch();
    const bad = poison();
    metadata.addPeer(1, INFO.length, 0);
    metadata.addPeer(2, INFO.length, 0);
    for (const { session, piece } of metadata.nextRequests(0)) {
      metadata.received(session, data(piece, session === 1 ? bad : INFO), 0);
    }
    let now = 0;
    for (let turns = 0; turns < 20; turns++) {
      const requests = metadata.nextRequests(now);
      for (const { session, piece } of requests) {
        if (session === 2 && metadata.received(2, data(piece), now).kind === 'complete') {
          expect(now).toBe(30_000);
          return;
        }
      }
      if (requests.length === 0) now = metadata.nextDeadline() ?? now;
    }
    throw new Error('expected the metadata to be complete');
  });
});
