import { assert, boolean, property, uint8Array } from 'fast-check';
import { describe, expect, it } from 'vitest';

import { isSelfConnection, survivor } from '../../src/core/links/duplicate-connection.js';

const LOW = new Uint8Array(20).fill(1);
const HIGH = new Uint8Array(20).fill(0xf0);
const [HERE, THERE] = ['8.8.8.8', '9.9.9.9'];
const OUTGOING = { isOutgoing: true, host: HERE };
const INCOMING = { isOutgoing: false, host: HERE };

describe('of two connections to one peer', () => {
  it('the one that the greater peer id dialled stays, as with libtorrent', () => {
    // libtorrent, src/bt_peer_connection.cpp: if ((pid < m_our_peer_id) == is_outgoing()) the other one is disconnected.
    expect(survivor({ ourId: HIGH, theirId: LOW }, INCOMING, OUTGOING)).toBe('newcomer');
    expect(survivor({ ourId: HIGH, theirId: LOW }, OUTGOING, INCOMING)).toBe('existing');
    expect(survivor({ ourId: LOW, theirId: HIGH }, INCOMING, OUTGOING)).toBe('existing');
    expect(survivor({ ourId: LOW, theirId: HIGH }, OUTGOING, INCOMING)).toBe('newcomer');
  });

  it('the older one stays when one end dialled both', () => {
    for (const direction of [OUTGOING, INCOMING]) {
      expect(survivor({ ourId: LOW, theirId: HIGH }, direction, direction)).toBe('existing');
      expect(survivor({ ourId: HIGH, theirId: LOW }, direction, direction)).toBe('existing');
    }
  });

  it('both stay when one of them was dialled by whoever is elsewhere: the id proves nothing', () => {
    for (const ends of [
      { ourId: LOW, theirId: HIGH },
      { ourId: HIGH, theirId: LOW },
    ]) {
      for (const direction of [OUTGOING, INCOMING]) {
        expect(survivor(ends, direction, { isOutgoing: false, host: THERE })).toBe('both');
        expect(survivor(ends, { isOutgoing: false, host: THERE }, direction)).toBe('both');
      }
    }
  });

  it('the older one stays when we dialled both, at whatever addresses: a name may stand for two of one peer', () => {
    for (const theirId of [LOW, HIGH]) {
      const ends = { ourId: new Uint8Array(20).fill(9), theirId };
      expect(survivor(ends, OUTGOING, { isOutgoing: true, host: THERE })).toBe('existing');
    }
  });

  it('both ends keep the same one, in whatever order each of them saw the two', () => {
    const id = uint8Array({ minLength: 20, maxLength: 20 });
    assert(
      property(id, id, boolean(), boolean(), (alice, bob, isAlicesFirstForAlice, isAlicesFirstForBob) => {
        if (isSelfConnection({ ourId: alice, theirId: bob })) return;
        const keptBy = (ourId: Uint8Array, theirId: Uint8Array, isOursFirst: boolean): 'ours' | 'theirs' => {
          const [first, second] = isOursFirst ? [OUTGOING, INCOMING] : [INCOMING, OUTGOING];
          const kept = survivor({ ourId, theirId }, first, second) === 'existing' ? first : second;
          return kept.isOutgoing ? 'ours' : 'theirs';
        };
        const alices = keptBy(alice, bob, isAlicesFirstForAlice) === 'ours';
        const bobs = keptBy(bob, alice, !isAlicesFirstForBob) === 'ours';
        expect(alices).toBe(!bobs);
      }),
    );
  });
});

describe('a connection to ourselves', () => {
  it('is known by the peer id', () => {
    expect(isSelfConnection({ ourId: LOW, theirId: LOW.slice() })).toBe(true);
    expect(isSelfConnection({ ourId: LOW, theirId: HIGH })).toBe(false);
  });
});
