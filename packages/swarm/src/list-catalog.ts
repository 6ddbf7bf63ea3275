import { formatPeerAddress, type CatalogEntry, type PeerAddress } from '@p2p/wire';

import { CatalogLink } from './catalog-link.js';
import { CatalogFetch } from './core/extensions/catalog-exchange.js';
import type { Cancel, Connection, NodePorts } from './ports.js';
import { SwarmError, type SwarmErrorCode } from './swarm-error.js';

export type CatalogOutcome =
  | { readonly kind: 'listed'; readonly entries: readonly CatalogEntry[] }
  | { readonly kind: 'failed'; readonly error: SwarmError };

/** Whom to ask, as whom, and how long to wait for the whole answer. */
export interface CatalogQuestion {
  readonly address: PeerAddress;
  readonly peerId: Uint8Array;
  readonly timeoutMs: number;
}

/** Asks a node what it shares. `done` is called once, and not after a cancel. */
export function listCatalog(
  ports: Pick<NodePorts, 'clock' | 'transport'>,
  question: CatalogQuestion,
  done: (outcome: CatalogOutcome) => void,
): Cancel {
  const name = formatPeerAddress(question.address);
  let link: CatalogLink | undefined;
  let isOver = false;
  const finish = (outcome?: CatalogOutcome): void => {
    if (isOver) return;
    isOver = true;
    cancelTimeout();
    cancelDial();
    link?.close();
    if (outcome !== undefined) done(outcome);
  };
  const fail = (code: SwarmErrorCode, message: string): void => {
    finish({ kind: 'failed', error: new SwarmError(code, message) });
  };
  const ask = (connection: Connection): void => {
    link = openLink(connection, question.peerId, {
      listed: (entries) => {
        finish({ kind: 'listed', entries });
      },
      failed: (why) => {
        fail('no-catalog', `${name} gives no list of what it shares (${why}); ask its owner for a magnet link`);
      },
    });
    connection.attach(link.handler);
  };
  const cancelTimeout = ports.clock.schedule(ports.clock.now() + question.timeoutMs, () => {
    const seconds = String(question.timeoutMs / 1_000);
    fail('unreachable', `${name} did not answer within ${seconds} s; is it running, and reachable from here?`);
  });
  const cancelDial = ports.transport.dial(question.address, (outcome) => {
    if (outcome.kind === 'connected' && isOver) outcome.connection.close();
    else if (outcome.kind === 'connected') ask(outcome.connection);
    else fail('unreachable', `${outcome.message}; is it running, and is the port right?`);
  });
  return () => {
    finish();
  };
}

interface Answer {
  readonly listed: (entries: readonly CatalogEntry[]) => void;
  readonly failed: (why: string) => void;
}

function openLink(connection: Connection, peerId: Uint8Array, answer: Answer): CatalogLink {
  const fetch = new CatalogFetch();
  const link: CatalogLink = new CatalogLink(connection, {
    peerId,
    expectsHandshake: true,
    onReady: () => {
      link.send(fetch.start());
    },
    onMessage: (message) => {
      const outcome = fetch.received(message);
      if (outcome.kind === 'more') link.send(outcome.request);
      else if (outcome.kind === 'done') answer.listed(outcome.entries);
      else answer.failed(outcome.code);
    },
    onEnd: answer.failed,
  });
  return link;
}
