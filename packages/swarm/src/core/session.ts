import type { PeerAddress } from '@p2p/wire';

import type { SwarmOptions } from '../swarm-options.js';
import { closeEvent, type CloseReason } from './close-reason.js';
import { ControlFlood } from './links/control-flood.js';
import type { SessionId } from './input.js';
import { PeerPieces } from './pieces/peer-pieces.js';
import { RateMeter } from './rate-meter.js';
import type { OfferedTurn } from './downloading/offered-turn.js';
import { RequestWindow, type RequestWindowOptions } from './downloading/request-window.js';
import { nextState, type SessionEvent, type SessionState } from './session-states.js';
import { UploadQueue } from './uploading/upload-queue.js';

/** One connection and what the protocol made of it so far. Data and its life; the decisions are in the modules that use it. */
export class Session {
  readonly id: SessionId;
  /** We dialled, they accepted. */
  readonly isOutgoing: boolean;
  /** The other end of the pipe; for those who dialled us a source port that nobody can dial. */
  readonly remote: PeerAddress;
  readonly openedAt: number;
  /** When there was a connection: for a dial some time after it began. */
  connectedAt: number;
  /** When the session became open. */
  shookHandsAt = Infinity;

  /**
   * Where others can dial this peer: `remote` if we did, else the port it announced (BEP 10, `p`) at the host it came from. Never
   * at another host: what the peer does wrong is held against whoever lives there.
   */
  listenAddress: PeerAddress | undefined;
  peerId: Uint8Array | undefined;
  /** Name and version, safe to print. */
  client = '';
  supportsFast = false;
  supportsExtended = false;
  /** It was told of peers that it may turn to when we let it go. */
  hasBeenTold = false;
  /** It told us of other peers. */
  hasToldUs = false;
  /** How many links the peer has, by its own word: gossip says so, peer exchange lists them. */
  toldLinkCount: number | undefined;
  /** Extension name to the number the peer wants to receive (BEP 10). */
  extensionIds: ReadonlyMap<string, number> = NO_EXTENSIONS;
  /** Unanswered requests the peer accepts (BEP 10, `reqq`; 250 when it does not say). */
  peerRequestLimit = 250;
  /** The peer said it wants nothing (BEP 21). */
  saysUploadOnly = false;

  amChoking = true;
  amInterested = false;
  isChokingUs = true;
  isInterested = false;
  unchokedAt: number | undefined;

  /** We have stored a piece that the peer lacks since it last said that it wants nothing of us. */
  hasNews = false;
  /** It did not take what we offered it: not before then again. */
  noOfferBefore = 0;
  /** What it offered us and we have not taken yet. */
  offered: OfferedTurn | undefined;

  readonly pieces = new PeerPieces();
  /** The scheduler knows this peer's pieces. */
  isScheduled = false;
  /** Pieces we may ask for while choked (BEP 6); undefined while there are none. */
  allowedByPeer: Set<number> | undefined;
  /** Use is made of them from then on. */
  favoursFrom = 0;
  readonly window: RequestWindow;
  readonly uploads: UploadQueue;
  readonly downMeter = new RateMeter();
  readonly upMeter = new RateMeter();
  /** What the network takes, protocol bytes included. */
  readonly flushMeter = new RateMeter();
  readonly flood = new ControlFlood();
  downloadedBytes = 0;
  /** `downloadedBytes` at the last round of the choker. */
  downloadedAtRound = 0;
  uploadedBytes = 0;
  uploadedSinceUnchoke = 0;
  invalidRequestCount = 0;
  /** Requests that came while it was choked or had its queue full, since it was unchoked or sent a block. */
  refusedRequestCount = 0;
  unexpectedBlockCount = 0;
  /** Rejects since the last block; many in a row make us wait. */
  rejectStreak = 0;
  requestsPausedUntil = 0;

  /** Bytes given to the connection and not yet on the network. */
  unflushedBytes = 0;
  /** Of them, those up to the end of the last block: what follows it keeps no block waiting. */
  unflushedBlockBytes = 0;
  /** Bytes of blocks that storage is reading for this peer. */
  readingBytes = 0;
  /** Its place in the queue for an upload slot: since it was choked, or wants something. Numbers that only grow. */
  slotTicket = 0;
  lastReceivedAt: number;
  lastSentAt: number;
  lastFlushedAt: number;

  /** Why it ended, once it has. */
  closeReason: CloseReason | undefined;

  #state: SessionState;

  constructor(id: SessionId, origin: SessionOrigin, options: SwarmOptions) {
    this.id = id;
    this.isOutgoing = origin.isOutgoing;
    this.remote = origin.remote;
    this.listenAddress = origin.isOutgoing ? origin.remote : undefined;
    this.openedAt = origin.now;
    this.connectedAt = origin.now;
    this.lastReceivedAt = origin.now;
    this.lastSentAt = origin.now;
    this.lastFlushedAt = origin.now;
    this.#state = origin.isOutgoing ? 'connecting' : 'handshaking';
    this.window = new RequestWindow(windowOptions(options));
    this.uploads = new UploadQueue(options.requestQueueLimit);
  }

  get state(): SessionState {
    return this.#state;
  }

  get isOpen(): boolean {
    return this.#state === 'open';
  }

  /** The peer will not ask for anything: it says so, or it has every piece. */
  get isUploadOnly(): boolean {
    return this.saysUploadOnly || this.pieces.known?.isFull === true;
  }

  advance(event: SessionEvent): void {
    const next = nextState(this.#state, event);
    if (next === undefined) throw new Error(`bug: session ${String(this.id)} got "${event}" in state "${this.#state}"`);
    this.#state = next;
  }

  end(reason: CloseReason): void {
    this.advance(closeEvent(reason));
    this.closeReason = reason;
  }
}

export interface SessionOrigin {
  readonly isOutgoing: boolean;
  readonly remote: PeerAddress;
  readonly now: number;
}

/** The sessions of a node share theirs: each is to take little memory, and a simulation has thousands of nodes. */
function windowOptions(options: SwarmOptions): RequestWindowOptions {
  const made = windowOptionsOf.get(options) ?? {
    minWindow: 2,
    maxWindow: options.maxRequests,
    initialWindow: Math.min(options.initialRequests, options.maxRequests),
    queueTimeMs: QUEUE_TIME_MS,
    minTimeoutMs: 2_000,
    maxTimeoutMs: 60_000,
  };
  windowOptionsOf.set(options, made);
  return made;
}

const windowOptionsOf = new WeakMap<SwarmOptions, RequestWindowOptions>();
/**
 * How long the peer's queue of our requests may last beyond the round trip. libtorrent takes 3 s, WebTorrent 0.5 to 1 s: the
 * shorter it is, the fewer pieces are promised to a slow peer while a faster one could have them.
 */
const QUEUE_TIME_MS = 250;
const NO_EXTENSIONS: ReadonlyMap<string, number> = new Map();
