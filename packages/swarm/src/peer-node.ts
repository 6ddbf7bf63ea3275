import {
  createPeerId,
  toHex,
  type Bitfield,
  type CatalogEntry,
  type Handshake,
  type Metainfo,
  type PeerAddress,
} from '@p2p/wire';

import { isCatalogHandshake } from './catalog-link.js';
import { CATALOG_LISTING_LIMIT, CatalogServer } from './catalog-server.js';
import type { SwarmEvent } from './core/effect.js';
import { HandshakeGate } from './core/links/handshake-gate.js';
import type { SwarmIdentity } from './core/swarm-state.js';
import { IncomingConnection } from './incoming-connection.js';
import { listCatalog, type CatalogOutcome } from './list-catalog.js';
import type { Cancel, Connection, ConnectionHandler, NodePorts, Payload, Random, Storage } from './ports.js';
import { SwarmError } from './swarm-error.js';
import { resolveSwarmOptions, type SwarmOptions } from './swarm-options.js';
import { Swarm } from './swarm.js';

/** A torrent to share or to fetch. */
export interface Torrent<P extends Payload = Uint8Array> {
  /** 20 bytes. */
  readonly infoHash: Uint8Array;
  /** The content, where it is known already: together with `storage` and `have`. Else the metadata comes from peers. */
  readonly content?: { readonly metainfo: Metainfo; readonly storage: Storage<P>; readonly have: Bitfield };
  /** Peers to try. */
  readonly peers?: readonly PeerAddress[];
  /** Whether catalogues name it (decision D5); default true. */
  readonly isListed?: boolean;
  /** Choices for this swarm over those of the node. */
  readonly options?: Partial<SwarmOptions>;
}

export type ListenResult =
  | { readonly kind: 'listening'; readonly address: PeerAddress }
  | { readonly kind: 'failed'; readonly error: SwarmError };

/**
 * A node: one listening port, one peer id, any number of swarms (decision D10).
 *
 * @example
 * const node = new PeerNode(createNodePorts());
 * node.listen({ host: '127.0.0.1', port: 6881 }, (result) => console.log(result));
 * node.addSwarm({ infoHash: metainfo.infoHash, content: { metainfo, storage, have } }, (event) => console.log(event));
 */
export class PeerNode<P extends Payload = Uint8Array> {
  /** 20 bytes, made anew for each node (BEP 20, Azureus style). */
  readonly peerId: Uint8Array;
  readonly #ports: NodePorts<P>;
  readonly #options: SwarmOptions;
  /** By info-hash, in hex. */
  readonly #swarms = new Map<string, { readonly swarm: Swarm<P>; readonly identity: SwarmIdentity }>();
  readonly #gate = new HandshakeGate();
  /** Swarms that were removed or stopped, and whose storage has not answered the last call. */
  readonly #stopping = new Set<Swarm<P>>();
  readonly #catalogs: CatalogServer;
  readonly #waiting = new Map<number, IncomingConnection>();
  readonly #closers = new Set<Cancel>();
  #lastKey = 0;
  #listenPort: number | undefined;
  #isStopped = false;
  #whenIdle: (() => void) | undefined;

  /** @throws {TypeError|RangeError} naming an option that is unknown or out of bounds */
  constructor(ports: NodePorts<P>, options: Partial<SwarmOptions> = {}) {
    this.#ports = ports;
    this.#options = resolveSwarmOptions(options);
    this.#catalogs = new CatalogServer(ports.clock);
    this.peerId = createPeerId(randomBytes(ports.random, 12));
  }

  /** Accepts connections at an address; port 0 lets the system choose one. */
  listen(address: PeerAddress, done: (result: ListenResult) => void): void {
    const cancel = this.#ports.transport.listen(
      address,
      (connection) => {
        this.#accept(connection);
      },
      (outcome) => {
        if (outcome.kind === 'failed') {
          this.#closers.delete(cancel);
          const code = outcome.code === 'EADDRINUSE' ? 'port-taken' : 'listen-failed';
          done({ kind: 'failed', error: new SwarmError(code, outcome.message) });
          return;
        }
        this.#listenPort = outcome.address.port;
        for (const { identity } of this.#swarms.values()) identity.listenPort = this.#listenPort;
        done(outcome);
      },
    );
    this.#closers.add(cancel);
  }

  /**
   * Shares or fetches a torrent. Its events come from the next turn on, never before this call returns.
   *
   * @throws {SwarmError} `duplicate-swarm` if the node has a swarm for this info-hash
   */
  addSwarm(torrent: Torrent<P>, onEvent: (event: SwarmEvent) => void): Swarm<P> {
    const key = toHex(torrent.infoHash);
    if (this.#swarms.has(key)) throw new SwarmError('duplicate-swarm', `torrent ${key} is in this node already`);
    const identity: SwarmIdentity = { infoHash: torrent.infoHash, peerId: this.peerId, listenPort: this.#listenPort };
    const options = resolveSwarmOptions({ ...this.#options, ...torrent.options });
    const swarm = new Swarm(this.#ports, options, { identity, isListed: torrent.isListed ?? true, onEvent });
    this.#swarms.set(key, { swarm, identity });
    const { content } = torrent;
    if (content !== undefined) swarm.attachStorage(content.metainfo, content.storage, content.have);
    if (torrent.peers !== undefined) swarm.addPeers(torrent.peers);
    return swarm;
  }

  /**
   * Stops one swarm; `done` follows when its storage is idle and may be closed. Calling it twice is an error: another swarm may
   * have its info-hash by then.
   */
  removeSwarm(swarm: Swarm<P>, done: () => void): void {
    const key = toHex(swarm.infoHash);
    if (this.#swarms.get(key)?.swarm !== swarm) {
      throw new Error(`PeerNode.removeSwarm: expected a swarm of this node, got one of ${key} that is not in it`);
    }
    this.#swarms.delete(key);
    this.#stopSwarm(swarm, done);
  }

  /** Asks a node what it shares (decision D5). */
  listCatalog(address: PeerAddress, done: (outcome: CatalogOutcome) => void): Cancel {
    return listCatalog(
      this.#ports,
      { address, peerId: this.peerId, timeoutMs: this.#options.handshakeTimeoutMs },
      done,
    );
  }

  /**
   * Stops listening and every swarm; `done` follows when all storage is idle, also that of swarms that were removed before. Calling
   * it twice is an error.
   */
  stop(done: () => void): void {
    if (this.#isStopped) throw new Error('PeerNode.stop: expected to be called once, was called again');
    this.#isStopped = true;
    for (const close of this.#closers) close();
    for (const connection of [...this.#waiting.values()]) connection.close();
    this.#catalogs.stop();
    this.#whenIdle = done;
    for (const { swarm } of this.#swarms.values()) this.#stopSwarm(swarm, () => undefined);
    this.#swarms.clear();
    this.#ports.clock.schedule(this.#ports.clock.now(), () => {
      this.#settleIdle();
    });
  }

  #stopSwarm(swarm: Swarm<P>, done: () => void): void {
    this.#stopping.add(swarm);
    swarm.stop(() => {
      this.#stopping.delete(swarm);
      done();
      this.#settleIdle();
    });
  }

  #settleIdle(): void {
    if (this.#stopping.size > 0 || this.#whenIdle === undefined) return;
    const done = this.#whenIdle;
    this.#whenIdle = undefined;
    done();
  }

  #accept(connection: Connection): void {
    const key = ++this.#lastKey;
    if (this.#isStopped || this.#gate.enter(key, connection.remote.host) !== 'admitted') {
      connection.close();
      return;
    }
    const incoming = new IncomingConnection(
      connection,
      (opened, handshake) => this.#route(opened, handshake),
      () => {
        this.#gate.leave(key);
        this.#waiting.delete(key);
        cancelTimeout();
      },
    );
    this.#waiting.set(key, incoming);
    // In total, from accepting it to the end of the handshake: a byte a minute buys nothing.
    const timeoutAt = this.#ports.clock.now() + this.#options.handshakeTimeoutMs;
    const cancelTimeout = this.#ports.clock.schedule(timeoutAt, () => {
      incoming.close();
    });
    connection.attach(incoming);
  }

  #route(connection: Connection, handshake: Handshake): ConnectionHandler | undefined {
    if (this.#isStopped) return undefined;
    if (isCatalogHandshake(handshake)) {
      return this.#catalogs.serve(connection, { peerId: this.peerId, entries: this.#catalog() });
    }
    return this.#swarms.get(toHex(handshake.infoHash))?.swarm.accept(connection, handshake);
  }

  #catalog(): CatalogEntry[] {
    const listed = [...this.#swarms.values()].filter(({ swarm }) => swarm.isListed);
    return listed.slice(0, CATALOG_LISTING_LIMIT).flatMap(({ swarm }) => {
      const { metainfo } = swarm;
      if (metainfo === undefined) return [];
      const { totalBytes, pieceLength } = metainfo.layout;
      return [{ infoHash: swarm.infoHash, name: metainfo.name, length: totalBytes, pieceLength }];
    });
  }
}

function randomBytes(random: Random, count: number): Uint8Array {
  return Uint8Array.from({ length: count }, () => random.uint32() & 0xff);
}
