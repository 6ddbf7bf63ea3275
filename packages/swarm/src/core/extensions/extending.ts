import {
  decodeExtendedHandshake,
  decodeInfo,
  decodeLtDontHave,
  decodeOffer,
  decodeSoon,
  decodeUtMetadata,
  decodeUtPex,
  encodeExtendedHandshake,
  encodeUtMetadata,
  encodeUtPex,
  hostBytes,
  printable,
  WireError,
  type ExtendedHandshake,
  type Offer,
  type UtMetadata,
  type UtPex,
} from '@p2p/wire';

import { DEADLINE } from '../deadline-keys.js';
import type { SwarmEvent } from '../effect.js';
import { sendExtended, understands } from '../extended-message.js';
import { Gossip, type GossipListener } from './gossip.js';
import { answerMetadataRequest, MetadataFetch } from './metadata-exchange.js';
import type { Payload } from '../payload.js';
import { PeerExchange } from './peer-exchange.js';
import type { Session } from '../session.js';
import type { SwarmState } from '../swarm-state.js';

/** The numbers under which we want to receive each extension (BEP 10, `m`). 0 is the handshake's. */
export const OUR_EXTENSIONS = {
  ut_pex: 1,
  ut_metadata: 2,
  lt_donthave: 3,
  p2p_gossip: 4,
  p2p_offer: 5,
  p2p_soon: 6,
} as const;

/** What the extensions learn that concerns others. */
export interface ExtensionListener extends GossipListener {
  /** The peer's dialable address became known, or its wish to upload only. */
  introduced(session: Session): void;
  /** The peer said under which address it sees us. */
  seenAs(voter: Session, address: Uint8Array): void;
  lost(session: Session, piece: number): void;
  /** The peer expects to have the piece in a moment, and may be asked for it. */
  promised(session: Session, piece: number): void;
  /** The peer lets us ask for so many blocks; with 0, it has no use for what we offered. */
  offered(session: Session, offer: Offer): void;
}

/** What travels as BEP 10 messages: the extended handshake, metadata, peer exchange, lt_donthave. */
export class Extending<P extends Payload> {
  readonly #state: SwarmState<P>;
  readonly #listener: ExtensionListener;
  readonly #exchange: PeerExchange;
  readonly #gossip: Gossip<P>;
  #metadata: MetadataFetch | undefined;
  #usualIds: ReadonlyMap<string, number> = new Map();

  constructor(state: SwarmState<P>, listener: ExtensionListener) {
    this.#state = state;
    this.#listener = listener;
    this.#exchange = new PeerExchange(state.random);
    this.#gossip = new Gossip(state, listener);
    this.#metadata = new MetadataFetch(state.identity.infoHash);
  }

  /** Storage is attached: the metadata is known, and can be offered. */
  attached(): void {
    this.#metadata = undefined;
    this.#state.deadlines.disarm(DEADLINE.metadata);
    if (!this.#mayExchange) this.#leaveExchange();
    this.announceAgain();
  }

  opened(session: Session): void {
    if (session.supportsExtended) this.#sendHandshake(session);
  }

  /** Tells everybody what changed in our extended handshake: metadata to offer, nothing more to download. */
  announceAgain(): void {
    for (const session of this.#state.openSessions()) if (session.supportsExtended) this.#sendHandshake(session);
  }

  /** @throws {WireError} when the payload breaks its extension's rules; the caller closes the session */
  received(session: Session, extensionId: number, payload: Uint8Array): void {
    switch (extensionId) {
      case 0:
        this.#handshake(session, decodeExtendedHandshake(payload));
        break;
      case OUR_EXTENSIONS.ut_pex:
        if (this.#mayExchange) this.#pex(session, decodeUtPex(payload));
        break;
      case OUR_EXTENSIONS.ut_metadata:
        this.#metadataMessage(session, decodeUtMetadata(payload));
        break;
      case OUR_EXTENSIONS.lt_donthave:
        this.#listener.lost(session, decodeLtDontHave(payload));
        break;
      case OUR_EXTENSIONS.p2p_gossip:
        if (this.#mayExchange) this.#gossip.received(session, payload);
        break;
      case OUR_EXTENSIONS.p2p_offer:
        this.#listener.offered(session, decodeOffer(payload));
        break;
      case OUR_EXTENSIONS.p2p_soon:
        this.#listener.promised(session, decodeSoon(payload));
        break;
      default:
        throw new WireError('bad-extension', `extension message ${String(extensionId)}, which we never announced`);
    }
  }

  closed(session: Session): void {
    this.#exchange.close(session.id);
    this.#exchange.peerDisconnected(session.id, isWorthTelling(session) ? this.#state.now : undefined);
    this.#gossip.closed(session);
    this.#armExchange();
    this.#metadata?.removePeer(session.id);
    this.requestMetadata();
  }

  /** Sends the peer exchange messages that are due. */
  exchange(): void {
    const { now } = this.#state;
    for (const sessionId of this.#exchange.due(now)) {
      const session = this.#state.sessions.get(sessionId);
      if (session === undefined || !understands(session, 'ut_pex')) continue;
      const message = this.#exchange.nextMessage(sessionId, now);
      if (message === undefined) continue;
      sendExtended(this.#state, session, 'ut_pex', encodeUtPex(message));
      if (message.added.length > 0) session.hasBeenTold = true;
    }
    this.#armExchange();
  }

  /** Asks one of our own kind for acquaintances, if it is time. */
  gossip(): void {
    this.#gossip.ask();
  }

  /** Much was news: asks faster for a while. */
  quickenGossip(): void {
    this.#gossip.quicken();
  }

  /** Asks for the metadata blocks that are due. */
  requestMetadata(): void {
    const fetch = this.#metadata;
    if (fetch === undefined) return;
    for (const { session: id, piece } of fetch.nextRequests(this.#state.now)) {
      const session = this.#state.sessions.get(id);
      if (session?.isOpen === true) this.#sendMetadata(session, { type: 'request', piece });
    }
    this.#state.deadlines.arm(DEADLINE.metadata, fetch.nextDeadline());
  }

  /** BEP 27: a private torrent's peers are not passed on. */
  get #mayExchange(): boolean {
    return this.#state.content?.metainfo.isPrivate !== true;
  }

  #sendHandshake(session: Session): void {
    const { content, identity, options, isSeeding } = this.#state;
    // A name that is left out switches nothing off (BEP 10), and we may have announced it before we knew the metadata.
    const extensions = this.#mayExchange ? OUR_EXTENSIONS : { ...OUR_EXTENSIONS, ut_pex: 0, p2p_gossip: 0 };
    const yourIp = hostBytes(session.remote.host);
    const payload = encodeExtendedHandshake({
      extensions: new Map(Object.entries(extensions)),
      client: options.clientName,
      requestQueueLimit: options.requestQueueLimit,
      isUploadOnly: isSeeding,
      ...(identity.listenPort === undefined ? {} : { port: identity.listenPort }),
      ...(yourIp === undefined ? {} : { yourIp }),
      ...(content === undefined ? {} : { metadataBytes: content.metainfo.infoBytes.length }),
    });
    this.#state.send(session, { type: 'extended', extensionId: 0, payload });
  }

  #handshake(session: Session, handshake: ExtendedHandshake): void {
    session.extensionIds = this.#shared(merged(session.extensionIds, handshake.extensions));
    if (handshake.client !== undefined) session.client = printable(handshake.client, MAX_CLIENT_NAME);
    if (handshake.requestQueueLimit !== undefined) session.peerRequestLimit = Math.max(1, handshake.requestQueueLimit);
    if (handshake.isUploadOnly !== undefined) session.saysUploadOnly = handshake.isUploadOnly;
    // Once told it stays: each address that a peer names is one more that we take to be connected.
    if (handshake.port !== undefined && handshake.port > 0) {
      session.listenAddress ??= { host: session.remote.host, port: handshake.port };
    }
    if (handshake.yourIp !== undefined) this.#listener.seenAs(session, handshake.yourIp);
    this.#listener.introduced(session);
    if (!session.isOpen) return;
    if (handshake.metadataBytes !== undefined) this.#offered(session, handshake.metadataBytes);
    if (this.#mayExchange) this.#enterExchange(session);
  }

  /** Most peers of a swarm run the same few programs: what one says like the one before it is kept once. */
  #shared(ids: ReadonlyMap<string, number>): ReadonlyMap<string, number> {
    const usual = this.#usualIds;
    const isUsual = ids.size === usual.size && [...ids].every(([name, id]) => usual.get(name) === id);
    if (!isUsual) this.#usualIds = ids;
    return this.#usualIds;
  }

  #offered(session: Session, metadataBytes: number): void {
    if (this.#metadata === undefined || !understands(session, 'ut_metadata')) return;
    this.#metadata.addPeer(session.id, metadataBytes, this.#state.now);
    this.requestMetadata();
  }

  #enterExchange(session: Session): void {
    const { now } = this.#state;
    this.#exchange.open(session.id, now);
    this.#exchange.listens(session.id, understands(session, 'ut_pex'), now);
    if (session.listenAddress !== undefined) {
      this.#exchange.peerConnected(
        {
          session: session.id,
          address: session.listenAddress,
          isReachable: session.isOutgoing,
          isUploadOnly: session.isUploadOnly,
        },
        now,
      );
    }
    this.#gossip.introduced(session);
    this.#armExchange();
  }

  /** The torrent turns out to be private: who was told of others until now is not told any more, nor are others told of it. */
  #leaveExchange(): void {
    for (const session of this.#state.sessions.values()) {
      this.#exchange.close(session.id);
      this.#exchange.peerDisconnected(session.id);
      this.#gossip.closed(session);
    }
  }

  #armExchange(): void {
    this.#state.deadlines.arm(DEADLINE.peerExchange, this.#exchange.nextDeadline());
  }

  #pex(session: Session, message: UtPex): void {
    const outcome = this.#exchange.received(session.id, message, session.remote, this.#state.now);
    if (outcome.kind !== 'accepted') {
      this.#state.violation(session, PEX_VIOLATIONS[outcome.kind]);
      return;
    }
    session.toldLinkCount = Math.max(0, (session.toldLinkCount ?? 0) + message.added.length - message.dropped.length);
    this.#listener.learnt(session, outcome);
  }

  #metadataMessage(session: Session, message: UtMetadata): void {
    if (message.type === 'request') {
      const answer = answerMetadataRequest(this.#state.content?.metainfo.infoBytes, message.piece);
      // A peer that does not read its answers gets no further ones (BEP 9 leaves this to us).
      if (session.unflushedBytes < MAX_METADATA_BACKLOG_BYTES) this.#sendMetadata(session, answer);
      return;
    }
    const fetch = this.#metadata;
    if (fetch === undefined) return;
    const outcome = fetch.received(session.id, message, this.#state.now);
    if (outcome.kind === 'violation') this.#state.violation(session, outcome.code);
    else if (outcome.kind === 'complete') this.#publishMetadata(outcome.infoBytes);
    else if (outcome.kind === 'corrupt') this.#blame(outcome.blame);
    this.requestMetadata();
  }

  #publishMetadata(infoBytes: Uint8Array): void {
    this.#metadata = undefined;
    this.#state.deadlines.disarm(DEADLINE.metadata);
    this.#state.emit({ kind: 'publish', event: metadataEvent(infoBytes) });
  }

  #blame(sessions: readonly number[]): void {
    for (const id of sessions) {
      const session = this.#state.sessions.get(id);
      if (session !== undefined) this.#state.violation(session, 'metadata that does not match the info-hash');
    }
  }

  #sendMetadata(session: Session, message: Parameters<typeof encodeUtMetadata>[0]): void {
    sendExtended(this.#state, session, 'ut_metadata', encodeUtMetadata(message));
  }
}

/** What a peer wants, after one more of its handshakes: of the names that we know, or it could have us keep any number of them. */
function merged(before: ReadonlyMap<string, number>, told: ReadonlyMap<string, number>): ReadonlyMap<string, number> {
  const ids = new Map(before);
  for (const name of Object.keys(OUR_EXTENSIONS)) {
    const id = told.get(name);
    if (id !== undefined) ids.set(name, id);
  }
  return ids;
}

/** We left it for lack of room or of interest: others may want it (BEP 11). */
function isWorthTelling({ closeReason }: Session): boolean {
  return closeReason?.party === 'us' && (closeReason.code === 'uploadOnly' || closeReason.code === 'tooManyPeers');
}

/** The bytes are the publisher's, whoever sent them: if they make no sense, no peer is to blame. */
function metadataEvent(infoBytes: Uint8Array): SwarmEvent {
  try {
    return { kind: 'metadata', metainfo: decodeInfo(infoBytes) };
  } catch (error) {
    if (!(error instanceof WireError)) throw error;
    return { kind: 'metadataInvalid', error };
  }
}

const PEX_VIOLATIONS = {
  tooFast: 'peer exchange messages come too fast',
  tooSoon: 'a peer exchange message before the extended handshake',
} as const;
/** Unsent bytes above which metadata requests go unanswered. libtorrent waits at 160 KiB. */
const MAX_METADATA_BACKLOG_BYTES = 160 * 1024;
/** Letters of a client's name that are shown (protocol facts, C3). */
const MAX_CLIENT_NAME = 64;
