/**
 * Goal: who asks for a catalogue, or answers with one, out of turn harms nobody. Method: a peer made by hand says what it likes to a node
 * in virtual time; what the node does not catch ends the run.
 */
import {
  CATALOG_INFO_HASH,
  encodeCatalog,
  encodeExtendedHandshake,
  encodeHandshake,
  encodeMessage,
  type CatalogMessage,
} from '@p2p/wire';
import { describe, expect, it } from 'vitest';

import type { CatalogOutcome } from '../src/list-catalog.js';
import type { Connection } from '../src/ports.js';
import { World } from './fixtures/world.js';

const STRANGER = { host: '10.0.0.9', port: 6881 };
const handshake = encodeHandshake({
  infoHash: CATALOG_INFO_HASH,
  peerId: new Uint8Array(20),
  supportsExtended: true,
  supportsFast: false,
  supportsDht: false,
});
const introduction = extended(0, encodeExtendedHandshake({ extensions: new Map([['p2p_catalog', 7]]) }));
const request: CatalogMessage = { type: 'request', offset: 0 };

describe('a catalogue message before the extended handshake', () => {
  it('ends the connection of whoever asks, and the node goes on', () => {
    const world = new World();
    const node = world.seeder('10.0.0.1');
    const end = speak(world, [handshake, said(request), said(request)]);
    world.run(1_000);
    expect(end.isClosed).toBe(true);
    const patient = speak(world, [handshake, introduction, said(request)]);
    world.run(1_000);
    expect(patient.isClosed).toBe(false);
    expect(listed(world)).toMatchObject([{ kind: 'listed', entries: [{ infoHash: node.swarm.infoHash }] }]);
  });

  it('is no catalogue for us who ask, also when it promises more', () => {
    const world = new World();
    const entry = { infoHash: new Uint8Array(20), name: 'a', length: 1, pieceLength: 16_384 };
    const page: CatalogMessage = { type: 'page', offset: 0, total: 2, entries: [entry] };
    world.network.host(STRANGER.host).listen(
      STRANGER,
      (connection) => {
        attend(connection);
        connection.send([handshake, said(page), said(page)]);
      },
      () => undefined,
    );
    expect(listed(world, STRANGER)).toMatchObject([{ kind: 'failed', error: { code: 'no-catalog' } }]);
  });
});

describe('a node that is asked for its catalogue', () => {
  it('ends the connection when it stops, not only when its time is over', () => {
    const world = new World();
    const { node } = world.seeder('10.0.0.1');
    const end = speak(world, [handshake, introduction, said(request)]);
    world.run(1_000);
    node.stop(() => undefined);
    world.run(100);
    expect(end.isClosed).toBe(true);
  });

  it('answers no more than 32 at a time, and the next when these are gone', () => {
    const world = new World();
    world.seeder('10.0.0.1');
    const ends = Array.from({ length: 40 }, (_, index) =>
      speak(world, [handshake, introduction], `10.1.0.${String(index)}`),
    );
    world.run(1_000);
    expect(ends.filter(({ isClosed }) => isClosed)).toHaveLength(8);
    world.run(20_000);
    expect(ends.every(({ isClosed }) => isClosed)).toBe(true);
    expect(listed(world)).toMatchObject([{ kind: 'listed' }]);
  });
});

/** What a node that asks is told: once. */
function listed(world: World, address = { host: '10.0.0.1', port: 6881 }): CatalogOutcome[] {
  const outcomes: CatalogOutcome[] = [];
  world.leecher('10.0.0.2').node.listCatalog(address, (outcome) => outcomes.push(outcome));
  world.run(60_000);
  return outcomes;
}

/** Dials the node 10.0.0.1 and says all this at once. */
function speak(world: World, parts: readonly Uint8Array[], host = STRANGER.host): { readonly isClosed: boolean } {
  const end = { isClosed: false };
  world.network.host(host).dial({ host: '10.0.0.1', port: 6881 }, (outcome) => {
    if (outcome.kind === 'failed') throw new Error(outcome.message);
    attend(outcome.connection, () => {
      end.isClosed = true;
    });
    outcome.connection.send(parts);
  });
  return end;
}

function attend(connection: Connection, closed: () => void = () => undefined): void {
  connection.attach({ received: () => undefined, flushed: () => undefined, closed });
}

function said(message: CatalogMessage): Uint8Array {
  return extended(1, encodeCatalog(message));
}

function extended(extensionId: number, payload: Uint8Array): Uint8Array {
  return encodeMessage({ type: 'extended', extensionId, payload });
}
