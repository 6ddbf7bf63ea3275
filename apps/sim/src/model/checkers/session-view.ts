import { decodeExtendedHandshake } from '@p2p/wire';

import type { EndId, EndOpened, NodeId, SeenMessage } from './observation.js';
import { readable } from './readable.js';

/** One end of a connection, as far as the messages that passed it tell. */
export class SessionView {
  readonly end: EndId;
  readonly connection: number;
  readonly node: NodeId;
  readonly peer: NodeId | undefined;
  readonly isOutgoing: boolean;
  readonly openedAt: number;
  peerId: Uint8Array | undefined;
  supportsFast = false;
  amChoking = true;
  amInterested = false;
  isChokingUs = true;
  isInterested = false;
  unchokedUsAt = -Infinity;
  /** Unanswered requests that the other end accepts (BEP 10, `reqq`). */
  peerRequestLimit = DEFAULT_REQUEST_LIMIT;
  /** Extension ids to use towards the other end, and those that we announced. */
  theirExtensions: ReadonlyMap<string, number> = new Map();
  ourExtensions: ReadonlyMap<string, number> = new Map();
  /** What the other end says it has. */
  readonly peerPieces = new Set<number>();
  /** What we asked for and got no answer to, by block, with the time of asking. */
  readonly asked = new Map<string, number[]>();
  /** What the other end asked for. */
  readonly owed = new Map<string, Owed>();
  /** Answers that no request explains. */
  unexplainedAnswers = 0;
  askedCount = 0;
  rejectedAt = -Infinity;
  receivedAt: number;
  readonly #pieceCount: number;

  constructor(opened: EndOpened, pieceCount: number) {
    this.end = opened.end;
    this.connection = opened.connection;
    this.node = opened.node;
    this.peer = opened.peer;
    this.isOutgoing = opened.isOutgoing;
    this.openedAt = opened.at;
    this.receivedAt = opened.at;
    this.#pieceCount = pieceCount;
  }

  /** Both handshakes are done. */
  get isOpen(): boolean {
    return this.peerId !== undefined;
  }

  sent(message: SeenMessage, at: number): void {
    const { type } = message;
    if (type === 'choke' || type === 'unchoke') this.amChoking = type === 'choke';
    else if (type === 'interested' || type === 'notInterested') this.amInterested = type === 'interested';
    else if (type === 'piece' || type === 'reject') this.#answered(blockName(message), at);
    else if (type === 'extended' && message.extensionId === 0) this.#announced(message.payload);
    else if (type === 'cancel' && shift(this.asked, blockName(message))) this.askedCount -= 1;
    if (type !== 'request') return;
    push(this.asked, blockName(message), at);
    this.askedCount += 1;
  }

  received(message: SeenMessage, at: number): void {
    const { type } = message;
    this.receivedAt = at;
    if (type === 'choke') this.#choked();
    else if (type === 'unchoke') this.#unchoked(at);
    else if (type === 'interested' || type === 'notInterested') this.isInterested = type === 'interested';
    else if (type === 'request') this.#wanted(blockName(message), at);
    else if (type === 'piece' || type === 'reject') {
      if (shift(this.asked, blockName(message))) this.askedCount -= 1;
      if (type === 'reject') this.rejectedAt = at;
    } else if (type === 'extended' && message.extensionId === 0) this.#heardOf(message.payload);
    else this.#claimed(message);
  }

  #wanted(block: string, at: number): void {
    const owed = this.owed.get(block);
    if (owed === undefined) this.owed.set(block, { unanswered: 1, askedAt: at });
    else {
      owed.unanswered += 1;
      owed.askedAt = at;
    }
  }

  /** An answer is for whatever was asked before it: who asks twice while it waits may be answered once. */
  #answered(block: string, at: number): void {
    const owed = this.owed.get(block);
    if (owed === undefined || owed.unanswered === 0) {
      this.unexplainedAnswers += 1;
      return;
    }
    owed.unanswered -= 1;
    owed.answeredAt = at;
  }

  #choked(): void {
    this.isChokingUs = true;
    // Without BEP 6 a choke takes back every request.
    if (!this.supportsFast) this.#forgetAsked();
  }

  #unchoked(at: number): void {
    this.isChokingUs = false;
    this.unchokedUsAt = at;
  }

  #claimed(message: SeenMessage): void {
    if (message.type === 'have') this.peerPieces.add(message.piece);
    else if (message.type === 'haveAll')
      for (let piece = 0; piece < this.#pieceCount; piece++) this.peerPieces.add(piece);
    else if (message.type === 'bitfield') for (const piece of piecesOf(message.bits)) this.peerPieces.add(piece);
  }

  #announced(payload: Uint8Array): void {
    const handshake = readable(decodeExtendedHandshake, payload);
    if (handshake !== undefined) this.ourExtensions = new Map([...this.ourExtensions, ...handshake.extensions]);
  }

  #heardOf(payload: Uint8Array): void {
    const handshake = readable(decodeExtendedHandshake, payload);
    if (handshake === undefined) return;
    this.theirExtensions = new Map([...this.theirExtensions, ...handshake.extensions]);
    if (handshake.requestQueueLimit !== undefined) this.peerRequestLimit = Math.max(1, handshake.requestQueueLimit);
  }

  #forgetAsked(): void {
    this.asked.clear();
    this.askedCount = 0;
  }
}

/** A block that somebody asked for. */
export interface Owed {
  unanswered: number;
  askedAt: number;
  answeredAt?: number;
}

/** `piece/begin`: what a request, a piece and a reject have in common. */
export function blockName({ piece, begin }: { readonly piece: number; readonly begin: number }): string {
  return `${piece}/${begin}`;
}

/** The pieces of a bitfield as it is on the wire: high bit first. */
export function piecesOf(bits: Uint8Array): number[] {
  const pieces: number[] = [];
  for (const [index, byte] of bits.entries()) {
    for (let bit = 0; bit < 8; bit++) if ((byte & (0x80 >> bit)) !== 0) pieces.push(index * 8 + bit);
  }
  return pieces;
}

function push(times: Map<string, number[]>, block: string, at: number): void {
  const list = times.get(block);
  if (list === undefined) times.set(block, [at]);
  else list.push(at);
}

function shift(times: Map<string, number[]>, block: string): boolean {
  const list = times.get(block);
  if (list === undefined) return false;
  list.shift();
  if (list.length === 0) times.delete(block);
  return true;
}

/** What libtorrent takes for a client that does not say. */
const DEFAULT_REQUEST_LIMIT = 250;
