import { formatPeerAddress, type PeerAddress } from '@p2p/wire';

import type { Cancel, Clock, Connection, DialOutcome, ListenOutcome, Random, Transport } from '../ports.js';
import { MemoryConnection } from './memory-connection.js';
import { MemoryLink } from './memory-link.js';
import { pendingDial } from './pending-dial.js';

/** How the network carries bytes; times are milliseconds. */
export interface MemoryNetworkOptions {
  /** From any host to any other, one way. Default 1. */
  readonly latencyMs?: number;
  /** The most that arrives as one chunk. Default 65,536, what a socket gives at once. */
  readonly chunkBytes?: number;
  /** Given this, chunks have random sizes from 1 to `chunkBytes`: for tests of framing. */
  readonly chunkRandom?: Random;
  /** Until a dial into silence fails. Default 15,000, as the real transport's. */
  readonly dialTimeoutMs?: number;
}

/** A host's access to the network; bytes per second, Infinity by default. */
export interface MemoryHostOptions {
  readonly upBytesPerSecond?: number;
  readonly downBytesPerSecond?: number;
}

/**
 * A network in memory: hosts with addresses of their own, joined by connections that keep order and lose nothing.
 *
 * Everything happens on the given clock, so in virtual time a run repeats exactly. It is a plain model, a link a host
 * and one latency, meant for tests of the protocol; the simulator's models of the internet are elsewhere.
 */
export class MemoryNetwork {
  readonly #clock: Clock;
  readonly #latencyMs: number;
  readonly #chunkBytes: () => number;
  readonly #dialTimeoutMs: number;
  readonly #hosts = new Map<string, MemoryHost>();
  #isCut: ((hostA: string, hostB: string) => boolean) | undefined;
  /** What waits for a partition to heal. */
  #held: (() => void)[] = [];

  constructor(clock: Clock, options: MemoryNetworkOptions = {}) {
    const { latencyMs = 1, chunkBytes = 65_536, chunkRandom, dialTimeoutMs = 15_000 } = options;
    this.#clock = clock;
    this.#latencyMs = latencyMs;
    this.#chunkBytes = () => (chunkRandom === undefined ? chunkBytes : 1 + (chunkRandom.uint32() % chunkBytes));
    this.#dialTimeoutMs = dialTimeoutMs;
  }

  /**
   * The transport of a host, which joins the network by it. A host that crashed is replaced by a fresh one.
   *
   * @param host an IP address; each node has its own, or shares it and takes another port
   */
  host(host: string, options: MemoryHostOptions = {}): Transport {
    const known = this.#hosts.get(host);
    if (known !== undefined) return known;
    const created = new MemoryHost(host, options, {
      clock: this.#clock,
      latencyMs: this.#latencyMs,
      dialTimeoutMs: this.#dialTimeoutMs,
      chunkBytes: this.#chunkBytes,
      find: (name) => this.#hosts.get(name),
      cross: (from, to, arrived) => this.#cross(from, to, arrived),
    });
    this.#hosts.set(host, created);
    return created;
  }

  /**
   * Parts the network in two: whatever one side sends the other is held back, as TCP would until it gives up, and
   * dials run into silence.
   */
  partition(isOnOneSide: (host: string) => boolean): void {
    this.cut((a, b) => isOnOneSide(a) !== isOnOneSide(b));
  }

  /** As `partition`, but for any pairs of hosts, and for each direction by itself. */
  cut(isCut: (from: string, to: string) => boolean): void {
    this.#isCut = isCut;
  }

  /** Ends a partition: what was held back is delivered. */
  heal(): void {
    this.#isCut = undefined;
    const held = this.#held;
    this.#held = [];
    for (const arrived of held) this.#clock.schedule(this.#clock.now() + this.#latencyMs, arrived);
  }

  /** Breaks all connections between two hosts; both ends are told. */
  breakConnections(hostA: string, hostB: string): void {
    this.#hosts.get(hostA)?.breakConnectionsWith(hostB);
    this.#hosts.get(hostB)?.breakConnectionsWith(hostA);
  }

  /** Removes a host without a word, as when its process is killed: its ports are closed, its connections reset. */
  crash(host: string): void {
    const crashed = this.#hosts.get(host);
    this.#hosts.delete(host);
    crashed?.crash();
  }

  #cross(from: string, to: string, arrived: () => void): void {
    const carry = () => this.#clock.schedule(this.#clock.now() + this.#latencyMs, arrived);
    if (this.#isCut?.(from, to) === true) this.#held.push(arrived);
    else carry();
  }
}

/** What a host needs of its network. */
interface Surroundings {
  readonly clock: Clock;
  readonly latencyMs: number;
  readonly dialTimeoutMs: number;
  readonly chunkBytes: () => number;
  readonly find: (host: string) => MemoryHost | undefined;
  readonly cross: (from: string, to: string, arrived: () => void) => void;
}

class MemoryHost implements Transport {
  readonly #host: string;
  readonly #network: Surroundings;
  readonly #uplink: MemoryLink;
  readonly #downlink: MemoryLink;
  readonly #listeners = new Map<number, (connection: Connection) => void>();
  readonly #connections = new Set<MemoryConnection>();
  #nextPort = FIRST_FREE_PORT;
  #isUp = true;

  constructor(host: string, options: MemoryHostOptions, network: Surroundings) {
    this.#host = host;
    this.#network = network;
    this.#uplink = new MemoryLink(network.clock, options.upBytesPerSecond ?? Infinity);
    this.#downlink = new MemoryLink(network.clock, options.downBytesPerSecond ?? Infinity);
  }

  listen(
    address: PeerAddress,
    onConnection: (connection: Connection) => void,
    done: (outcome: ListenOutcome) => void,
  ): Cancel {
    const port = address.port === 0 ? this.#freePort() : address.port;
    const failure = this.#whyNotListen({ host: address.host, port });
    if (failure === undefined) this.#listeners.set(port, onConnection);
    const stopAnswer = this.#later(() => done(failure ?? { kind: 'listening', address: { host: address.host, port } }));
    return () => {
      stopAnswer();
      if (this.#listeners.get(port) === onConnection) this.#listeners.delete(port);
    };
  }

  dial(address: PeerAddress, done: (outcome: DialOutcome) => void): Cancel {
    const { clock, dialTimeoutMs } = this.#network;
    const { answer, cancel } = pendingDial({ clock, dialTimeoutMs, address, isUp: () => this.#isUp, done });
    this.#knock(address, answer);
    return cancel;
  }

  breakConnectionsWith(host: string): void {
    for (const connection of [...this.#connections]) {
      if (connection.remote.host === host) this.#later(() => connection.break('connection reset'));
    }
  }

  crash(): void {
    this.#isUp = false;
    this.#listeners.clear();
    for (const connection of [...this.#connections]) connection.vanish();
  }

  /** Crosses the network twice: once to ask, once with the answer. */
  #knock(address: PeerAddress, answer: (outcome: DialOutcome) => boolean): void {
    const { cross, find } = this.#network;
    cross(this.#host, address.host, () => {
      const target = find(address.host);
      const onConnection = target?.accepting(address.port);
      if (target === undefined || onConnection === undefined) {
        const message = `cannot connect to ${formatPeerAddress(address)}: nobody listens there`;
        cross(address.host, this.#host, () => answer({ kind: 'failed', code: 'ECONNREFUSED', message }));
        return;
      }
      const ours = this.#open(address, target);
      const theirs = target.#open({ host: this.#host, port: this.#freePort() }, this);
      ours.join(theirs);
      cross(address.host, this.#host, () => {
        if (!answer({ kind: 'connected', connection: ours })) ours.vanish();
      });
      onConnection(theirs);
    });
  }

  accepting(port: number): ((connection: Connection) => void) | undefined {
    return this.#listeners.get(port);
  }

  #open(remote: PeerAddress, target: MemoryHost): MemoryConnection {
    const { clock, chunkBytes, cross } = this.#network;
    const connection: MemoryConnection = new MemoryConnection(remote, {
      clock,
      chunkBytes,
      uplink: this.#uplink,
      downlink: target.#downlink,
      cross: (arrived) => cross(this.#host, target.#host, arrived),
      ended: () => this.#connections.delete(connection),
    });
    this.#connections.add(connection);
    return connection;
  }

  #whyNotListen({ host, port }: PeerAddress): ListenOutcome | undefined {
    if (host !== this.#host && host !== '0.0.0.0' && host !== '::') {
      const message = `this host is ${this.#host}, it cannot listen at ${host}`;
      return { kind: 'failed', code: 'EADDRNOTAVAIL', message };
    }
    if (!this.#listeners.has(port)) return undefined;
    return { kind: 'failed', code: 'EADDRINUSE', message: `port ${port} of ${host} is in use: choose another, or 0` };
  }

  #freePort(): number {
    do this.#nextPort = this.#nextPort === LAST_PORT ? FIRST_FREE_PORT : this.#nextPort + 1;
    while (this.#listeners.has(this.#nextPort));
    return this.#nextPort;
  }

  #later(act: () => void): Cancel {
    const { clock } = this.#network;
    return clock.schedule(clock.now(), () => {
      if (this.#isUp) act();
    });
  }
}

/** Dynamic ports, RFC 6335. */
const FIRST_FREE_PORT = 49_152;
const LAST_PORT = 65_535;
