import type { Cancel, Connection, DialOutcome, ListenOutcome, Transport } from '@p2p/swarm';
import { pendingDial } from '@p2p/swarm/testing';
import type { PeerAddress } from '@p2p/wire';

import type { LinkHost } from '../links/link-model.js';
import type { Batch } from './batch.js';
import { SimConnection } from './sim-connection.js';
import type { SimNetwork } from './sim-network.js';

/** A host of the simulated network, and the transport of the node on it. */
export class SimHost implements Transport {
  readonly address: string;
  readonly network: SimNetwork;
  readonly link: LinkHost;
  /** Bytes that have left, all and those of blocks. */
  sentBytes = 0;
  sentPayloadBytes = 0;
  /** It cannot be dialled: it is behind a NAT. */
  isHidden = false;
  readonly #listeners = new Map<number, (connection: Connection) => void>();
  readonly #connections = new Set<SimConnection>();
  #nextPort = FIRST_FREE_PORT;
  #isUp = true;

  constructor(address: string, network: SimNetwork, link: LinkHost) {
    this.address = address;
    this.network = network;
    this.link = link;
  }

  get isUp(): boolean {
    return this.#isUp;
  }

  get connections(): ReadonlySet<SimConnection> {
    return this.#connections;
  }

  listen(
    address: PeerAddress,
    onConnection: (connection: Connection) => void,
    done: (outcome: ListenOutcome) => void,
  ): Cancel {
    const port = address.port === 0 ? this.#nextPort++ : address.port;
    const isTaken = this.#listeners.has(port);
    if (!isTaken) this.#listeners.set(port, onConnection);
    const outcome: ListenOutcome = isTaken
      ? { kind: 'failed', code: 'EADDRINUSE', message: `port ${port} of ${this.address} is taken` }
      : { kind: 'listening', address: { host: this.address, port } };
    this.soon(() => done(outcome));
    return () => {
      if (!isTaken) this.#listeners.delete(port);
    };
  }

  dial(address: PeerAddress, done: (outcome: DialOutcome) => void): Cancel {
    const { clock, dialTimeoutMs } = this.network;
    const { answer, cancel } = pendingDial({ clock, dialTimeoutMs, address, isUp: () => this.#isUp, done });
    this.#knock(address, answer);
    return cancel;
  }

  /** The host is gone without a word, as when its process is killed. */
  crash(): void {
    this.#isUp = false;
    this.#listeners.clear();
    for (const connection of [...this.#connections]) connection.vanish();
  }

  /** At this instant, when what happens now is over. */
  soon(act: () => void): void {
    this.network.clock.post(this.network.clock.nowMicros, run, act);
  }

  /** Lets something small cross the network, past all queues. */
  cross(to: SimHost, arrived: () => void): void {
    this.network.cross(this, to, arrived);
  }

  departed(batch: Batch): void {
    this.sentBytes += batch.bytes;
    this.sentPayloadBytes += batch.payloadBytes;
  }

  forget(connection: SimConnection): void {
    this.#connections.delete(connection);
  }

  /** Crosses the network twice: once to ask, once with the answer. */
  #knock(address: PeerAddress, answer: (outcome: DialOutcome) => boolean): void {
    const host = this.network.find(address.host);
    // Nobody there, or nobody who can be reached: silence, until the dial gives up.
    if (host === undefined || host.isHidden) return;
    this.cross(host, () => {
      if (host.#isUp) host.#answer({ host: this, port: address.port, answer });
    });
  }

  #answer(knock: Knock): void {
    const { host: caller, port, answer } = knock;
    const onConnection = this.#listeners.get(port);
    if (onConnection === undefined) {
      const message = `${this.address}:${port} refused the connection`;
      this.cross(caller, () => answer({ kind: 'failed', code: 'ECONNREFUSED', message }));
      return;
    }
    const [here, there] = this.#pair(caller, port);
    this.cross(caller, () => {
      if (answer({ kind: 'connected', connection: there })) caller.#connections.add(there);
      else there.vanish();
    });
    this.#connections.add(here);
    onConnection(here);
  }

  #pair(caller: SimHost, port: number): readonly [SimConnection, SimConnection] {
    const { links } = this.network;
    const id = this.network.nextConnectionId();
    const here = new SimConnection(id, this, { host: caller.address, port: caller.#nextPort++ });
    const there = new SimConnection(id, caller, { host: this.address, port });
    here.join(there, links.openFlow(this.link, caller.link));
    there.join(here, links.openFlow(caller.link, this.link));
    return [here, there];
  }
}

/** Somebody wants to connect. */
interface Knock {
  readonly host: SimHost;
  readonly port: number;
  readonly answer: (outcome: DialOutcome) => boolean;
}

function run(act: () => void): void {
  act();
}

/** Where the ports begin that a system hands out by itself (RFC 6335). */
const FIRST_FREE_PORT = 49_152;
