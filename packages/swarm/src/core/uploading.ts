import { type BlockRef } from '@p2p/wire';

import { AllowedFastGrants } from './allowed-fast-grants.js';
import { Choker, type ChokerPeer } from './choker.js';
import { DEADLINE } from './deadline-keys.js';
import type { BlockReadOutcome, CodedError, CoreMessage } from './input.js';
import type { Payload } from './payload.js';
import type { Session } from './session.js';
import type { SwarmState } from './swarm-state.js';
import { TokenBucket } from './token-bucket.js';

type RequestMessage = Extract<CoreMessage, { type: 'request' }>;
type CancelMessage = Extract<CoreMessage, { type: 'cancel' }>;

/** Our side as a seeder: who may ask, what is answered, and when it is read from storage. */
export class Uploading<P extends Payload> {
  readonly #state: SwarmState<P>;
  readonly #choker: Choker;
  readonly #limit: TokenBucket;
  readonly #onStorageFailed: (error: CodedError) => void;
  readonly #grants = new Map<Session, AllowedFastGrants>();
  readonly #throttled = new Set<Session>();

  constructor(state: SwarmState<P>, onStorageFailed: (error: CodedError) => void) {
    const { options } = state;
    this.#state = state;
    this.#onStorageFailed = onStorageFailed;
    this.#choker = new Choker(state.random, {
      slots: options.uploadSlots,
      roundMs: options.chokeRoundMs,
      optimisticMs: options.optimisticMs,
    });
    this.#limit = new TokenBucket(options.uploadBytesPerSecond);
  }

  opened(session: Session): void {
    const { content, now, deadlines, identity } = this.#state;
    deadlines.arm(DEADLINE.choke, this.#choker.nextRound(now));
    if (content === undefined || !session.supportsFast) return;
    const grants = new AllowedFastGrants(content.metainfo.layout, identity.infoHash, session.remote.host);
    this.#grants.set(session, grants);
    for (const piece of grants.pieces) {
      if (content.scheduler.have.has(piece)) this.#state.send(session, { type: 'allowedFast', piece });
    }
  }

  interestChanged(session: Session, isInterested: boolean): void {
    session.isInterested = isInterested;
    if (!isInterested || !session.amChoking) return;
    // A free slot is given at once: waiting for the next round would cost a newcomer up to ten seconds.
    if (this.#choker.hasFreeSlot(this.#servedCount())) this.#unchoke(session);
  }

  requested(session: Session, message: RequestMessage): void {
    const { content } = this.#state;
    const layout = content?.metainfo.layout;
    const isInside = layout?.isRange(message.piece, message.begin, message.length) === true;
    if (layout === undefined || !isInside || content?.scheduler.have.has(message.piece) !== true) {
      this.#invalid(session, message);
      return;
    }
    const block = { piece: layout.pieceIndex(message.piece), begin: message.begin, length: message.length };
    if (session.amChoking && this.#grants.get(session)?.admit(block, session.pieces.known?.count) !== true) {
      this.#reject(session, message);
      return;
    }
    if (session.uploads.enqueue(block) === 'full') this.#reject(session, message);
    else this.#state.dirty.add(session);
  }

  cancelled(session: Session, message: CancelMessage): void {
    const layout = this.#state.content?.metainfo.layout;
    if (layout?.isRange(message.piece, message.begin, message.length) !== true) return;
    const block = { piece: layout.pieceIndex(message.piece), begin: message.begin, length: message.length };
    if (session.uploads.cancel(block)) this.#reject(session, message);
  }

  /** Reads as many of the peer's blocks as its connection can take soon. */
  serve(session: Session): void {
    if (session.uploads.length === 0) return;
    const { options, now, deadlines } = this.#state;
    const maxBufferedBytes = Math.min(options.maxSendBufferBytes, this.#sendBufferBytes(session));
    while (session.unflushedBytes + session.readingBytes < maxBufferedBytes) {
      if (session.uploads.length === 0) return;
      if (options.uploadBytesPerSecond !== Infinity && !this.#limit.take(now, NOMINAL_BLOCK_BYTES)) {
        this.#throttled.add(session);
        deadlines.arm(DEADLINE.uploadLimit, this.#limit.readyAt(now, NOMINAL_BLOCK_BYTES));
        return;
      }
      const block = session.uploads.next();
      if (block === undefined) return;
      session.readingBytes += block.length;
      this.#state.emit({ kind: 'readBlock', session: session.id, block });
    }
  }

  blockRead(session: Session, block: BlockRef, outcome: BlockReadOutcome<P>): void {
    const state = this.#state;
    session.readingBytes -= block.length;
    if (outcome.kind === 'failed') {
      this.#reject(session, block);
      this.#onStorageFailed(outcome.error);
      return;
    }
    session.uploadedBytes += block.length;
    session.uploadedSinceUnchoke += block.length;
    session.upMeter.add(state.now, block.length);
    state.uploadedBytes += block.length;
    state.upMeter.add(state.now, block.length);
    state.send(session, { type: 'piece', piece: block.piece, begin: block.begin, data: outcome.data });
    if (session.uploads.length > 0) state.dirty.add(session);
  }

  flushed(session: Session, bytes: number): void {
    session.unflushedBytes = Math.max(0, session.unflushedBytes - bytes);
    session.lastFlushedAt = this.#state.now;
    session.flushMeter.add(this.#state.now, bytes);
    if (session.uploads.length > 0) this.#state.dirty.add(session);
  }

  /** The upload limit has room again; whoever waited longest comes first. */
  limitPassed(): void {
    for (const session of this.#throttled) this.#state.dirty.add(session);
    this.#throttled.clear();
  }

  /** A round of the choker. */
  rechoke(): void {
    const state = this.#state;
    const decision = this.#choker.rechoke(this.#chokerPeers(), state.isSeeding, state.now);
    for (const id of decision.choke) this.#choke(state.sessions.get(id));
    for (const id of decision.unchoke) {
      const session = state.sessions.get(id);
      if (session !== undefined) this.#unchoke(session);
    }
    if (state.sessions.size > 0) state.deadlines.arm(DEADLINE.choke, this.#choker.nextRound(state.now));
  }

  closed(session: Session): void {
    this.#grants.delete(session);
    this.#throttled.delete(session);
    if (session.amChoking) return;
    // The slot is free: somebody who waits gets it now.
    const waiting = this.#state.openSessions().filter((other) => other.isInterested && other.amChoking);
    const next = waiting[0];
    if (next !== undefined && this.#choker.hasFreeSlot(this.#servedCount())) this.#unchoke(next);
  }

  /**
   * What may wait in front of the network: half a second of what the peer takes (libtorrent's rule). More would only
   * delay the small messages behind it, peer exchange above all, and what the peer no longer needs could not be cancelled.
   */
  #sendBufferBytes(session: Session): number {
    const rate = session.flushMeter.bytesPerSecond(this.#state.now);
    return Math.max(MIN_SEND_BUFFER_BYTES, rate * SEND_BUFFER_SECONDS);
  }

  #unchoke(session: Session): void {
    if (!session.amChoking || !session.isOpen) return;
    session.amChoking = false;
    session.unchokedAt = this.#state.now;
    session.uploadedSinceUnchoke = 0;
    this.#state.send(session, { type: 'unchoke' });
  }

  #choke(session: Session | undefined): void {
    if (session?.isOpen !== true || session.amChoking) return;
    session.amChoking = true;
    session.unchokedAt = undefined;
    this.#state.send(session, { type: 'choke' });
    // BEP 6: every request is answered, so those that will not be served are rejected one by one.
    const grants = this.#grants.get(session);
    for (const block of session.uploads.clear((queued) => grants?.admit(queued) === true)) this.#reject(session, block);
  }

  #reject(session: Session, block: { readonly piece: number; readonly begin: number; readonly length: number }): void {
    if (!session.supportsFast) return;
    const { piece, begin, length } = block;
    this.#state.send(session, { type: 'reject', piece, begin, length });
  }

  #invalid(session: Session, message: RequestMessage): void {
    session.invalidRequestCount += 1;
    if (session.invalidRequestCount > MAX_INVALID_REQUESTS) {
      this.#state.violation(
        session,
        `more than ${String(MAX_INVALID_REQUESTS)} requests for what we never said we have`,
      );
    } else this.#reject(session, message);
  }

  /** Peers that hold a slot and want something. */
  #servedCount(): number {
    let count = 0;
    for (const session of this.#state.sessions.values()) {
      if (session.isOpen && !session.amChoking && session.isInterested) count += 1;
    }
    return count;
  }

  #chokerPeers(): ChokerPeer[] {
    const { now } = this.#state;
    return this.#state.openSessions().map((session) => ({
      session: session.id,
      isInterested: session.isInterested,
      isUnchoked: !session.amChoking,
      downBytesPerSecond: session.downMeter.bytesPerSecond(now),
      upBytesPerSecond: session.upMeter.bytesPerSecond(now),
      unchokedAt: session.unchokedAt,
      connectedAt: session.openedAt,
      isSnubbed: session.window.isSnubbed,
      uploadedSinceUnchoke: session.uploadedSinceUnchoke,
    }));
  }
}

/** Requests for pieces we do not have or ranges that do not exist, after which a peer is dropped. libtorrent: 300. */
const MAX_INVALID_REQUESTS = 300;
const SEND_BUFFER_SECONDS = 0.5;
/** One write's worth: smaller ones cost more than they carry (measured, see `tcp-transport.ts`). */
const MIN_SEND_BUFFER_BYTES = 65_536;
/** What a block costs of the upload limit: its usual length. */
const NOMINAL_BLOCK_BYTES = 16_384;
