import type { Clock, Connection, CoreMessage, Link, OpenLink, Payload, Transport } from '@p2p/swarm';
import type { SeededRandom } from '@p2p/swarm/testing';
import {
  createPeerId,
  decodeExtendedHandshake,
  decodeUtPex,
  encodeExtendedHandshake,
  formatPeerAddress,
  type Metainfo,
  type PeerAddress,
} from '@p2p/wire';

import type { Misconduct } from './misconduct.js';

/** What a hostile peer needs of its world. */
export interface HostileSurroundings<P extends Payload> {
  readonly clock: Clock;
  readonly random: SeededRandom;
  readonly transport: Transport;
  readonly openLink: OpenLink<P>;
  readonly address: PeerAddress;
  readonly metainfo: Metainfo;
  /** Whom it knows at the start. */
  readonly targets: readonly PeerAddress[];
}

/**
 * A peer that speaks the protocol well enough to be let in, and then does what its misconduct says. It dials whom it hears of,
 * and accepts everybody.
 */
export class HostilePeer<P extends Payload> {
  readonly #world: HostileSurroundings<P>;
  readonly #misconduct: Misconduct<P>;
  readonly #peerId: Uint8Array;
  readonly #victims = new Set<Victim<P>>();
  readonly #dialled = new Set<string>();
  readonly #targets: PeerAddress[];
  #lastSession = 0;

  constructor(world: HostileSurroundings<P>, misconduct: Misconduct<P>) {
    this.#world = world;
    this.#misconduct = misconduct;
    const random = world.random.fork('peer id');
    this.#peerId = createPeerId(Uint8Array.from({ length: 12 }, () => random.below(256)));
    this.#targets = [...world.targets];
    this.#dialled.add(formatPeerAddress(world.address));
  }

  start(): void {
    this.#world.transport.listen(
      this.#world.address,
      (connection) => {
        this.#meet(connection, false);
      },
      () => undefined,
    );
    this.#tick();
  }

  /** Once a second: new victims, and what the misconduct does by itself. */
  #tick(): void {
    const { clock } = this.#world;
    if (this.#victims.size < MAX_VICTIMS) this.#dialNext();
    for (const victim of [...this.#victims]) {
      if (victim.isOpen) this.#misconduct.tick(victim, clock.now());
      victim.link.flush();
    }
    clock.schedule(clock.now() + 1_000, () => {
      this.#tick();
    });
  }

  #dialNext(): void {
    const target = this.#targets.shift();
    if (target === undefined) return;
    const key = formatPeerAddress(target);
    if (this.#dialled.has(key)) return;
    this.#dialled.add(key);
    this.#world.transport.dial(target, (outcome) => {
      if (outcome.kind === 'connected') this.#meet(outcome.connection, true);
      else this.#again(target);
    });
  }

  /** Persistent, as such peers are. */
  #again(target: PeerAddress): void {
    this.#dialled.delete(formatPeerAddress(target));
    if (this.#targets.length < MAX_TARGETS) this.#targets.push(target);
  }

  #meet(connection: Connection, isOutgoing: boolean): void {
    const { openLink, metainfo } = this.#world;
    const session = ++this.#lastSession;
    const link = openLink(
      session,
      connection,
      (inputs) => {
        for (const input of inputs) this.#take(victim, input);
        if (this.#victims.has(victim)) link.flush();
      },
      { handshake: true, pieceCount: metainfo.layout.pieceCount },
    );
    const victim = new Victim<P>(link, connection.remote);
    this.#victims.add(victim);
    connection.attach(link);
    if (!isOutgoing) return;
    this.#sendHandshake(victim);
    link.flush();
  }

  #take(victim: Victim<P>, input: LinkInput<P>): void {
    if (!this.#victims.has(victim)) return;
    if (input.kind === 'handshake') this.#opened(victim);
    else if (input.kind === 'message') this.#message(victim, input.message);
    else if (input.kind === 'lost' || input.kind === 'violated') {
      this.#victims.delete(victim);
      if (input.kind === 'violated') victim.link.close();
    }
  }

  #sendHandshake(victim: Victim<P>): void {
    victim.hasGreeted = true;
    const { infoHash } = this.#world.metainfo;
    victim.link.sendHandshake({
      infoHash,
      peerId: this.#peerId,
      supportsExtended: true,
      supportsFast: true,
      supportsDht: false,
    });
  }

  #opened(victim: Victim<P>): void {
    if (!victim.hasGreeted) this.#sendHandshake(victim);
    victim.isOpen = true;
    victim.send({ type: this.#misconduct.claimsEverything ? 'haveAll' : 'haveNone' });
    const payload = encodeExtendedHandshake({
      extensions: new Map([['ut_pex', UT_PEX]]),
      client: 'hostile',
      requestQueueLimit: 2_000,
      isUploadOnly: false,
      port: this.#world.address.port,
    });
    victim.send({ type: 'extended', extensionId: 0, payload });
    this.#misconduct.opened(victim);
  }

  #message(victim: Victim<P>, message: CoreMessage<P>): void {
    if (message.type === 'extended') this.#extended(victim, message.extensionId, message.payload);
    else this.#misconduct.received(victim, message, this.#world.clock.now());
  }

  #extended(victim: Victim<P>, extensionId: number, payload: Uint8Array): void {
    if (extensionId === 0) {
      victim.utPexId = decodeExtendedHandshake(payload).extensions.get('ut_pex') ?? victim.utPexId;
      return;
    }
    if (extensionId !== UT_PEX) return;
    for (const { address } of decodeUtPex(payload).added) {
      if (this.#targets.length < MAX_TARGETS) this.#targets.push(address);
    }
  }
}

/** One peer that a hostile one is connected to. */
export class Victim<P extends Payload> {
  readonly link: Link<P>;
  readonly remote: PeerAddress;
  hasGreeted = false;
  isOpen = false;
  /** The number of peer exchange messages towards it; 0 if it wants none. */
  utPexId = 0;
  /** Claimed by it, and ours to ask for. */
  readonly pieces = new Set<number>();
  isChokingUs = true;
  askedBlocks = 0;
  /** Which piece it is asked for next, counting on. */
  turn = 0;
  /** What it asked for and waits for. */
  readonly owed: { piece: number; begin: number; length: number }[] = [];
  lastAt = 0;

  constructor(link: Link<P>, remote: PeerAddress) {
    this.link = link;
    this.remote = remote;
  }

  send(message: CoreMessage<P>): void {
    this.link.send(message);
  }
}

type LinkInput<P extends Payload> = Parameters<Parameters<OpenLink<P>>[2]>[0][number];

const UT_PEX = 1;
const MAX_VICTIMS = 40;
const MAX_TARGETS = 200;
