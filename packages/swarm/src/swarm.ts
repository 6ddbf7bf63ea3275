import type { Bitfield, Handshake, Metainfo, PeerAddress } from '@p2p/wire';

import type { Effect, SwarmEvent } from './core/effect.js';
import type { Input, SessionId } from './core/input.js';
import type { Payload } from './core/payload.js';
import { SwarmCore } from './core/swarm-core.js';
import type { SwarmIdentity } from './core/swarm-state.js';
import type { SwarmStatus } from './core/swarm-status.js';
import { openPeerLink } from './peer-link.js';
import type { Cancel, Connection, Instant, Link, LinkSink, NodePorts, OpenLink, Storage } from './ports.js';
import type { SwarmOptions } from './swarm-options.js';

/** Where a swarm begins: its identity, and what is there already. */
export interface SwarmStart {
  readonly identity: SwarmIdentity;
  /** Catalogues name it (decision D5). */
  readonly isListed: boolean;
  readonly onEvent: (event: SwarmEvent) => void;
}

type StorageEffect<P extends Payload> = Extract<
  Effect<P>,
  { kind: 'writeBlock' | 'commitPiece' | 'discardPiece' | 'readBlock' }
>;

/**
 * One torrent's swarm in the world: joins the core to the ports. It decides nothing.
 *
 * Port callback -> input -> core -> effects -> ports; then one timer, at the core's next wake-up.
 */
export class Swarm<P extends Payload = Uint8Array> {
  readonly infoHash: Uint8Array;
  readonly isListed: boolean;
  readonly #ports: NodePorts<P>;
  readonly #openLink: OpenLink<P>;
  readonly #onEvent: (event: SwarmEvent) => void;
  readonly #core: SwarmCore<P>;
  readonly #links = new Map<SessionId, Link<P>>();
  readonly #dials = new Map<SessionId, Cancel>();
  /** One for all links: the memory that is touched for a message is most of what it costs in a large simulation. */
  readonly #sink: LinkSink<P> = (inputs) => {
    this.#take(inputs);
  };
  /** Links with something to send at the end of the turn; one may be there more than once. The places are used again. */
  readonly #unsent: (Link<P> | undefined)[] = [];
  #unsentCount = 0;
  #storage: Storage<P> | undefined;
  #metainfo: Metainfo | undefined;
  #pendingStorageCalls = 0;
  #whenIdle: (() => void) | undefined;
  #isDraining = false;
  #isStopped = false;
  #wakeAt: Instant = Infinity;
  #cancelWake: Cancel = () => undefined;

  /** Made by `PeerNode.addSwarm`. */
  constructor(ports: NodePorts<P>, options: SwarmOptions, start: SwarmStart) {
    this.#ports = ports;
    this.#openLink = openLinkOf(ports);
    this.infoHash = start.identity.infoHash;
    this.isListed = start.isListed;
    this.#onEvent = start.onEvent;
    this.#core = new SwarmCore(start.identity, ports.random, options);
  }

  /** The content, once it is known. */
  get metainfo(): Metainfo | undefined {
    return this.#metainfo;
  }

  /**
   * Gives the swarm its content: at the start, or after the event `metadata`. Call once.
   *
   * @param have the pieces that are stored and verified; the swarm takes it over
   */
  attachStorage(metainfo: Metainfo, storage: Storage<P>, have: Bitfield): void {
    this.#metainfo = metainfo;
    this.#storage = storage;
    for (const link of this.#links.values()) link.setPieceCount(metainfo.layout.pieceCount);
    this.#take([{ kind: 'attach', metainfo, have }]);
  }

  /**
   * Names peers to try.
   *
   * @param source `told` for addresses that a person gave (tried first and never given up), `cache` for those
   *   remembered from an earlier run, best first: the first three are anchors, dialled before the rest
   */
  addPeers(addresses: readonly PeerAddress[], source: 'told' | 'cache' = 'told'): void {
    this.#take([{ kind: 'addPeers', addresses, source }]);
  }

  status(): SwarmStatus {
    return this.#core.status(this.#ports.clock.now());
  }

  /** Addresses worth keeping across restarts, best first. */
  knownPeers(): PeerAddress[] {
    return this.#core.knownPeers();
  }

  /** Closes every connection; `done` follows when storage has answered the last call, so that it may be closed. */
  stop(done: () => void): void {
    this.#take([{ kind: 'stop' }]);
    this.#isStopped = true;
    this.#cancelWake();
    this.#whenIdle = done;
    this.#ports.clock.schedule(this.#ports.clock.now(), () => {
      this.#settleIdle();
    });
  }

  /** Hands over a connection whose handshake named this torrent. Made for `PeerNode`. */
  accept(connection: Connection, handshake: Handshake): Link<P> {
    const session = this.#core.newSessionId();
    const link = this.#link(session, connection, { handshake: false });
    this.#take([{ kind: 'accepted', session, remote: connection.remote, handshake }]);
    return link;
  }

  #link(session: SessionId, connection: Connection, expects: { readonly handshake: boolean }): Link<P> {
    const pieceCount = this.#metainfo?.layout.pieceCount;
    const link = this.#openLink(session, connection, this.#sink, { ...expects, pieceCount });
    this.#links.set(session, link);
    return link;
  }

  #take(inputs: readonly Input<P>[]): void {
    const now = this.#ports.clock.now();
    for (const input of inputs) {
      if (input.kind === 'lost') this.#links.delete(input.session);
      this.#core.handle(input, now);
    }
    // An event handler of the application may call us back: the outer loop then takes what this call left.
    if (!this.#isDraining) this.#drain();
  }

  #drain(): void {
    this.#isDraining = true;
    for (let effect = this.#core.poll(); effect !== undefined; effect = this.#core.poll()) this.#perform(effect);
    for (let index = 0; index < this.#unsentCount; index++) {
      this.#unsent[index]?.flush();
      this.#unsent[index] = undefined;
    }
    this.#unsentCount = 0;
    this.#isDraining = false;
    this.#arm();
  }

  #perform(effect: Effect<P>): void {
    switch (effect.kind) {
      case 'send': {
        const link = this.#links.get(effect.session);
        if (link === undefined) break;
        link.send(effect.message);
        this.#willFlush(link);
        break;
      }
      case 'sendHandshake': {
        const link = this.#links.get(effect.session);
        if (link === undefined) break;
        link.sendHandshake(effect.handshake);
        this.#willFlush(link);
        break;
      }
      case 'dial':
        this.#dial(effect.session, effect.address);
        break;
      case 'close':
        this.#close(effect.session);
        break;
      case 'publish':
        this.#onEvent(effect.event);
        break;
      case 'writeBlock':
      case 'commitPiece':
      case 'discardPiece':
      case 'readBlock':
        this.#performStorage(effect);
        break;
    }
  }

  /** A second flush, or one of a link that was closed meanwhile, finds nothing to send. */
  #willFlush(link: Link<P>): void {
    if (this.#unsentCount === 0 || this.#unsent[this.#unsentCount - 1] !== link)
      this.#unsent[this.#unsentCount++] = link;
  }

  #performStorage(effect: StorageEffect<P>): void {
    const storage = this.#storage;
    if (storage === undefined) throw new Error(`bug: ${effect.kind} before storage was attached`);
    switch (effect.kind) {
      case 'writeBlock':
        storage.writeBlock(effect.piece, effect.begin, effect.data);
        break;
      case 'discardPiece':
        storage.discardPiece(effect.piece);
        break;
      case 'commitPiece': {
        const { piece } = effect;
        this.#pendingStorageCalls += 1;
        storage.commitPiece(piece, (outcome) => {
          this.#stored({ kind: 'pieceCommitted', piece, outcome });
        });
        break;
      }
      case 'readBlock': {
        const { session, block } = effect;
        this.#pendingStorageCalls += 1;
        storage.readBlock(block, (outcome) => {
          this.#stored({ kind: 'blockRead', session, block, outcome });
        });
        break;
      }
    }
  }

  #stored(input: Input<P>): void {
    this.#pendingStorageCalls -= 1;
    this.#take([input]);
    this.#settleIdle();
  }

  #settleIdle(): void {
    if (this.#pendingStorageCalls > 0 || this.#whenIdle === undefined) return;
    const done = this.#whenIdle;
    this.#whenIdle = undefined;
    done();
  }

  #dial(session: SessionId, address: PeerAddress): void {
    const cancel = this.#ports.transport.dial(address, (outcome) => {
      this.#dials.delete(session);
      if (outcome.kind === 'failed') {
        this.#take([{ kind: 'lost', session, detail: outcome.message }]);
        return;
      }
      const link = this.#link(session, outcome.connection, { handshake: true });
      outcome.connection.attach(link);
      this.#take([{ kind: 'connected', session }]);
    });
    this.#dials.set(session, cancel);
  }

  #close(session: SessionId): void {
    this.#dials.get(session)?.();
    this.#dials.delete(session);
    const link = this.#links.get(session);
    if (link === undefined) return;
    this.#links.delete(session);
    link.close();
  }

  /** Keeps one timer, never later than the core's next wake-up. One that is too early only costs a look. */
  #arm(): void {
    const next = this.#core.nextWakeup();
    if (this.#isStopped || next === undefined || next >= this.#wakeAt) return;
    this.#cancelWake();
    this.#wakeAt = next;
    this.#cancelWake = this.#ports.clock.schedule(next, () => {
      this.#wakeAt = Infinity;
      this.#take([{ kind: 'wakeUp' }]);
    });
  }
}

function openLinkOf<P extends Payload>(ports: NodePorts<P>): OpenLink<P>;
function openLinkOf(ports: NodePorts): OpenLink {
  return ports.openLink ?? openPeerLink;
}
