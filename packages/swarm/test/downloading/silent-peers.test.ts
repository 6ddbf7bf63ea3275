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

describe('the last block', () => {
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
});
