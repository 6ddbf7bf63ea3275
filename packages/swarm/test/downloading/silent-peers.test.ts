import { BLOCK_BYTES } from '@p2p/wire';
import { describe, expect, it } from 'vitest';

import type { SessionId } from '../../src/core/input.js';
import { CoreFixture } from '../fixtures/core-fixture.js';

/** A leecher that lacks one block. */
function aLeecher(): CoreFixture {
  return new CoreFixture({ pieces: 1 });
}

function seeder(node: CoreFixture, host: string): SessionId {
  return node.peer(host, { type: 'haveAll' }, { type: 'unchoke' });
}

function requestsTo(node: CoreFixture, session: SessionId): number {
  return node.sentTo(session, 'request').length;
}

const BLOCK = { type: 'piece', piece: 0, begin: 0, data: new Uint8Array(BLOCK_BYTES) } as const;

describe('a piece that must come from one peer, and that another gets because the first is silent', () => {
  /** The first owes two pieces and is silent; the second has been given one of them. */
  function taken(): {
    readonly node: CoreFixture;
    readonly first: SessionId;
    readonly second: SessionId;
    piece: number;
  } {
    let isSpoilt = true;
    const node = new CoreFixture({ pieces: 2, storage: () => ({ kind: isSpoilt ? 'corrupt' : 'stored' }) });
    node.hear(seeder(node, '10.9.0.1'), BLOCK);
    isSpoilt = false;
    const first = seeder(node, '10.1.0.1');
    node.pass(5_000);
    const second = seeder(node, '10.2.0.1');
    expect([requestsTo(node, first), requestsTo(node, second)]).toEqual([2, 1]);
    return { node, first, second, piece: node.sentTo(second, 'request')[0]?.piece ?? -1 };
  }

  it('is cancelled at the first when the second has sent it', () => {
    const { node, first, second, piece } = taken();
    node.hear(second, { ...BLOCK, piece });
    expect(node.sentTo(first, 'cancel').map((cancel) => cancel.piece)).toEqual([piece]);
  });

  it('is not asked of the first a second time, for it waits there, and is taken when it comes', () => {
    const { node, first, second, piece } = taken();
    node.hear(second, { type: 'choke' });
    node.hear(second, { type: 'reject', piece, begin: 0, length: BLOCK_BYTES });
    expect(requestsTo(node, first)).toBe(2);
    node.hear(first, { ...BLOCK, piece });
    expect(node.status).toMatchObject({ haveBytes: BLOCK_BYTES, wastedBytes: BLOCK_BYTES });
    // What is outstanding there is the other piece, once.
    node.hear(first, { ...BLOCK, piece: 1 - piece });
    expect([node.status.haveBytes, requestsTo(node, first)]).toEqual([2 * BLOCK_BYTES, 2]);
  });
});

describe('the last blocks', () => {
  it('is asked of a second peer once the first has been silent for a while, though nothing else happens', () => {
    const node = aLeecher();
    const [first, second] = [seeder(node, '10.1.0.1'), seeder(node, '10.2.0.1')];
    node.pass(3_500);
    expect([requestsTo(node, first), requestsTo(node, second)]).toEqual([1, 0]);
    node.pass(2_000);
    expect([requestsTo(node, first), requestsTo(node, second)]).toEqual([1, 1]);
    node.hear(second, BLOCK);
    expect(node.sentTo(first, 'cancel')).toHaveLength(1);
  });

  it('is asked at once of a peer that comes when the only one so far was silent and is asked again', () => {
    const node = aLeecher();
    const silent = seeder(node, '10.1.0.1');
    node.pass(10_500);
    const second = seeder(node, '10.2.0.1');
    expect([requestsTo(node, silent), requestsTo(node, second)]).toEqual([2, 1]);
  });

  it('is no more waited for at a peer that let it time out, when another has sent it', () => {
    const node = aLeecher();
    const slow = seeder(node, '10.1.0.1');
    node.hear(slow, { type: 'choke' });
    node.pass(10_500);
    const quick = seeder(node, '10.2.0.1');
    expect([requestsTo(node, quick), node.sentTo(slow, 'cancel').length]).toEqual([1, 0]);
    node.hear(quick, BLOCK);
    const { piece, begin } = BLOCK;
    expect(node.sentTo(slow, 'cancel')).toEqual([{ type: 'cancel', piece, begin, length: BLOCK_BYTES }]);
  });

  it('is not asked twice of a peer that answers at last, though all it was asked for has timed out', () => {
    const node = new CoreFixture({ pieces: 4 });
    const slow = seeder(node, '10.1.0.1');
    expect(requestsTo(node, slow)).toBe(4);
    node.pass(10_500);
    // The one request to a snubbed peer.
    expect(requestsTo(node, slow)).toBe(5);
    for (const piece of [0, 1, 2, 3]) node.hear(slow, { ...BLOCK, piece });
    expect([requestsTo(node, slow), node.status.wastedBytes]).toEqual([5, 0]);
    expect(node.status.haveBytes).toBe(4 * BLOCK_BYTES);
  });
});
