import { BLOCK_BYTES, MAX_METADATA_BYTES, type UtMetadata } from '@p2p/wire';

import type { SessionId } from '../input.js';
import { MetadataAssembly } from './metadata-assembly.js';

export { answerMetadataRequest } from './metadata-server.js';

/** Paces of a {@link MetadataFetch}, in ms unless said otherwise. */
export interface MetadataFetchOptions {
  /** Larger claims are not believed. Bytes. */
  readonly maxBytes: number;
  /** Unanswered requests to one peer. libtorrent: 2. */
  readonly requestsPerPeer: number;
  /** A piece that has not come by then is asked of another peer too. libtorrent: 3 s. */
  readonly retryMs: number;
  /** A request that has not been answered by then never will be; the peer may be asked again. */
  readonly lostMs: number;
  /** A peer that rejected a request has nothing yet. libtorrent: a minute. */
  readonly rejectPauseMs: number;
}

export const DEFAULT_METADATA_FETCH_OPTIONS: MetadataFetchOptions = Object.freeze({
  maxBytes: MAX_METADATA_BYTES,
  requestsPerPeer: 2,
  retryMs: 3_000,
  lostMs: 15_000,
  rejectPauseMs: 60_000,
});

/** What a message of a peer came to. */
export type MetadataOutcome =
  /** Ask `nextRequests` again. */
  | { readonly kind: 'progress' }
  /** The whole matches the info-hash; the fetch is over. */
  | { readonly kind: 'complete'; readonly infoBytes: Uint8Array }
  /** The whole does not match. `blame` names who sent all of it; nobody if it came from several: one of them is then asked alone. */
  | { readonly kind: 'corrupt'; readonly blame: readonly SessionId[] }
  /** The peer broke the rules; the caller closes its session. */
  | { readonly kind: 'violation'; readonly code: MetadataViolation };

export type MetadataViolation =
  /** Data that we did not ask this peer for. */
  | 'metadata piece that was not requested'
  /** Data of another size than it announced. */
  | 'metadata of another size than announced';

/**
 * Fetches the info dictionary from the peers that offer it (BEP 9): several at once, each piece from whoever answers.
 *
 * Peers may lie about the size. Each claimed size is assembled by itself, so a liar holds up nobody. No more than four sizes
 * are tried at a time; the others wait until one is given up: because nobody who claims it answers any more, or, so that a drop
 * now and then does not keep the place, because it had its time.
 */
export class MetadataFetch {
  readonly #infoHash: Uint8Array;
  readonly #options: MetadataFetchOptions;
  readonly #peers = new Map<SessionId, Source>();
  readonly #assemblies = new Map<number, MetadataAssembly>();
  /** When `nextRequests` was last asked. */
  #lookedAt = -Infinity;
  #isOver = false;

  constructor(infoHash: Uint8Array, options: Partial<MetadataFetchOptions> = {}) {
    this.#infoHash = infoHash;
    this.#options = { ...DEFAULT_METADATA_FETCH_OPTIONS, ...options };
  }

  /**
   * A peer offers the metadata; a second offer of the same peer counts only if it changes the size.
   *
   * @returns whether it is tried now: not if the size is impossible, or one too many, which waits
   */
  addPeer(session: SessionId, totalBytes: number, now: number): boolean {
    if (this.#isOver || !Number.isInteger(totalBytes) || totalBytes < 1 || totalBytes > this.#options.maxBytes)
      return false;
    if (this.#peers.get(session)?.totalBytes === totalBytes) return this.#assemblies.has(totalBytes);
    this.removePeer(session);
    this.#peers.set(session, { totalBytes, asked: new Set(), inFlight: new Map(), pausedUntil: now, lostCount: 0 });
    this.#tryWaiting(now);
    return this.#assemblies.has(totalBytes);
  }

  /** The peer left. If its size was tried for its sake alone, `nextRequests` has room for one that waits. */
  removePeer(session: SessionId): void {
    const peer = this.#peers.get(session);
    if (peer === undefined) return;
    this.#peers.delete(session);
    for (const other of this.#peers.values()) if (other.totalBytes === peer.totalBytes) return;
    this.#assemblies.delete(peer.totalBytes);
  }

  /** The requests to send now; they count as sent. */
  nextRequests(now: number): { readonly session: SessionId; readonly piece: number }[] {
    this.#lookedAt = now;
    this.#loseOverdue(now);
    this.#tryWaiting(now);
    const requests: { readonly session: SessionId; readonly piece: number }[] = [];
    for (const assembly of this.#assemblies.values()) {
      const sources = this.#sourcesOf(assembly, now);
      // A piece each in turn, so that two peers share the work from the start.
      const turns = Array.from({ length: this.#options.requestsPerPeer }, () => sources).flat();
      for (const [session, source] of turns) {
        const piece = this.#choose(assembly, source, now);
        if (piece === undefined) continue;
        source.inFlight.set(piece, now);
        source.asked.add(piece);
        requests.push({ session, piece });
      }
    }
    return requests;
  }

  /** Takes an answer. Data is copied. */
  received(session: SessionId, message: UtMetadata, now: number): MetadataOutcome {
    const source = this.#peers.get(session);
    if (source === undefined) return PROGRESS;
    switch (message.type) {
      case 'data':
        return this.#data(session, source, message);
      case 'reject':
        source.inFlight.delete(message.piece);
        source.pausedUntil = now + this.#options.rejectPauseMs;
        return PROGRESS;
      case 'request':
      case 'unknown':
        return PROGRESS;
    }
  }

  /** When `nextRequests` should be asked again though nothing was received; later than it was last asked. */
  nextDeadline(): number | undefined {
    const { retryMs, lostMs } = this.#options;
    const instants = [...this.#assemblies.values()].map(({ beganAt }) => beganAt + MAX_SIZE_MS);
    for (const { inFlight, pausedUntil } of this.#peers.values()) {
      instants.push(pausedUntil);
      for (const askedAt of inFlight.values()) instants.push(askedAt + retryMs, askedAt + lostMs);
    }
    const next = instants.reduce((least, at) => (at > this.#lookedAt ? Math.min(least, at) : least), Infinity);
    return next === Infinity ? undefined : next;
  }

  #data(session: SessionId, source: Source, message: Extract<UtMetadata, { type: 'data' }>): MetadataOutcome {
    const assembly = this.#assemblies.get(source.totalBytes);
    const { piece, totalBytes, data } = message;
    if (!source.asked.has(piece)) return violation('metadata piece that was not requested');
    const expectedBytes = Math.min(BLOCK_BYTES, source.totalBytes - piece * BLOCK_BYTES);
    if (totalBytes !== source.totalBytes || data.length !== expectedBytes) {
      return violation('metadata of another size than announced');
    }
    source.inFlight.delete(piece);
    source.lostCount = 0;
    // The size was given up meanwhile, and waits to be tried again.
    if (assembly === undefined) return PROGRESS;
    // While one sender is on trial, what another sends late is not mixed in.
    if (assembly.isSuspicious && assembly.senders().some((sender) => sender !== session)) return PROGRESS;
    assembly.add(piece, data, session);
    const outcome = assembly.finish(this.#infoHash);
    switch (outcome.kind) {
      case 'incomplete':
        return PROGRESS;
      case 'complete':
        this.#end();
        return outcome;
      case 'corrupt':
        return this.#corrupt(outcome.culprit);
    }
  }

  #corrupt(culprit: SessionId | undefined): MetadataOutcome {
    if (culprit === undefined) return { kind: 'corrupt', blame: [] };
    this.removePeer(culprit);
    return { kind: 'corrupt', blame: [culprit] };
  }

  /** Whom to ask: all who offer this size and are not pausing; one alone when the last attempt did not fit together. */
  #sourcesOf(assembly: MetadataAssembly, now: number): [SessionId, Source][] {
    const sources = this.#claimants(assembly.totalBytes).filter(([, { pausedUntil }]) => pausedUntil <= now);
    if (!assembly.isSuspicious) return sources;
    const [onTrial] = assembly.senders();
    const trial = sources.find(([session]) => session === onTrial);
    // Who is on trial and does not answer leaves the place to the next, who begins anew.
    if (trial === undefined) assembly.clear();
    return trial === undefined ? sources.slice(0, 1) : [trial];
  }

  /** The first piece that is missing and that nobody was asked for just now. */
  #choose(assembly: MetadataAssembly, source: Source, now: number): number | undefined {
    if (source.inFlight.size >= this.#options.requestsPerPeer) return undefined;
    for (let piece = 0; piece < assembly.pieceCount; piece++) {
      if (assembly.has(piece) || source.inFlight.has(piece)) continue;
      if (!this.#isAwaited(assembly, piece, now)) return piece;
    }
    return undefined;
  }

  /** Somebody was asked for it less than `retryMs` ago. */
  #isAwaited(assembly: MetadataAssembly, piece: number, now: number): boolean {
    for (const { totalBytes, inFlight } of this.#peers.values()) {
      const askedAt = inFlight.get(piece);
      if (totalBytes === assembly.totalBytes && askedAt !== undefined && askedAt + this.#options.retryMs > now)
        return true;
    }
    return false;
  }

  #claimants(totalBytes: number): [SessionId, Source][] {
    return [...this.#peers].filter(([, source]) => source.totalBytes === totalBytes);
  }

  /** Takes out what will not be answered any more; a peer that has lost several in a row is left alone for a while. */
  #loseOverdue(now: number): void {
    const { lostMs, rejectPauseMs } = this.#options;
    for (const source of this.#peers.values()) {
      for (const [piece, askedAt] of source.inFlight) {
        if (askedAt + lostMs > now) continue;
        source.inFlight.delete(piece);
        source.lostCount += 1;
        if (source.lostCount >= MAX_LOST) source.pausedUntil = now + rejectPauseMs;
      }
    }
  }

  /** Begins with the sizes that wait, as far as there is room or can be made; first those that wait longest. */
  #tryWaiting(now: number): void {
    for (const { totalBytes, pausedUntil } of [...this.#peers.values()]) {
      if (this.#assemblies.has(totalBytes) || pausedUntil > now) continue;
      if (this.#assemblies.size >= MAX_SIZES && !this.#giveUpSize(now)) return;
      this.#assemblies.set(totalBytes, new MetadataAssembly(totalBytes, now));
    }
  }

  /** Makes room for another size, whatever has come of one: its claimants are silent, or had their time. */
  #giveUpSize(now: number): boolean {
    for (const { totalBytes, beganAt } of this.#assemblies.values()) {
      const claimants = this.#claimants(totalBytes);
      const isSilent = claimants.every(([, source]) => source.lostCount > 0 || source.pausedUntil > now);
      if (!isSilent && now < beganAt + MAX_SIZE_MS) continue;
      this.#assemblies.delete(totalBytes);
      for (const [session, source] of claimants) this.#putBack(session, source, isSilent ? now : undefined);
      return true;
    }
    return false;
  }

  /** The peer's offer waits behind all others; if it is silent, for a while at least. What it still sends is no violation. */
  #putBack(session: SessionId, source: Source, silentAt: number | undefined): void {
    source.inFlight.clear();
    source.lostCount = 0;
    if (silentAt !== undefined)
      source.pausedUntil = Math.max(source.pausedUntil, silentAt + this.#options.rejectPauseMs);
    this.#peers.delete(session);
    this.#peers.set(session, source);
  }

  #end(): void {
    this.#isOver = true;
    this.#peers.clear();
    this.#assemblies.clear();
  }
}

/** A peer that offers the metadata. */
interface Source {
  readonly totalBytes: number;
  /** Pieces it was ever asked for: a late answer is no violation. */
  readonly asked: Set<number>;
  /** Unanswered requests: piece to time. */
  readonly inFlight: Map<number, number>;
  /** Not asked before. */
  pausedUntil: number;
  /** Requests in a row that were never answered. */
  lostCount: number;
}

const PROGRESS: MetadataOutcome = { kind: 'progress' };

function violation(code: MetadataViolation): MetadataOutcome {
  return { kind: 'violation', code };
}

/** Sizes that are assembled at a time; with honest peers there is one. */
const MAX_SIZES = 4;
/** After so long a size gives way to another, if one waits: at 10 KiB/s more than a megabyte, and most are a tenth of that. */
const MAX_SIZE_MS = 2 * 60_000;
/** Requests in a row without answer after which a peer is left alone for as long as after a reject. */
const MAX_LOST = 4;
