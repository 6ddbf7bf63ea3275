import type { Link } from '@p2p/swarm';
import { SeededRandom } from '@p2p/swarm/testing';
import { PieceLayout } from '@p2p/wire';
import { expect, it } from 'vitest';

import { Victim } from '../../../src/model/faults/hostile-peer.js';
import { createMisconduct } from '../../../src/model/faults/misconduct.js';
import { blockReference, type BlockReference } from '../../../src/model/payload/block-reference.js';

it('a slot thief asks for what a bitfield says, too: whoever is half done sends one', () => {
  const sent: string[] = [];
  const nothing = () => undefined;
  const link: Link<BlockReference> = {
    received: nothing,
    flushed: nothing,
    closed: nothing,
    setPieceCount: nothing,
    sendHandshake: nothing,
    flush: nothing,
    close: nothing,
    send: (message) => sent.push('piece' in message ? `${message.type} ${message.piece}` : message.type),
  };
  const victim = new Victim(link, { host: '10.0.0.1', port: 6881 });
  const thief = createMisconduct<BlockReference>('slotThief', {
    random: new SeededRandom(1),
    layout: new PieceLayout(16_384, 16 * 16_384),
    block: ({ length }) => blockReference(length),
    realAddresses: [],
  });
  thief.received(victim, { type: 'bitfield', bits: Uint8Array.of(0b0100_0000, 0b0000_0001) }, 0);
  thief.received(victim, { type: 'unchoke' }, 0);
  expect(sent).toEqual(['request 1', 'request 15']);
});
