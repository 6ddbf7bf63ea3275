import type { BlockRef, PeerAddress, PieceIndex } from '@p2p/wire';

import type { Payload } from './core/payload.js';
import type { Random } from './core/random.js';

export type { Payload, Random };

/**
 * What the swarm needs from the world. `@p2p/swarm/node` provides it over TCP and system time, `@p2p/swarm/testing` in
 * virtual time.
 *
 * Ports answer by callbacks, exactly once and never before the call returns, so that no re-entrance can occur and
 * virtual time stays in charge of the order.
 */
export interface NodePorts {
  readonly clock: Clock;
  readonly random: Random;
  readonly transport: Transport;
}

/** Milliseconds from an arbitrary origin; never goes back. May have a fraction. */
export type Instant = number;

/** Ends what it was returned for; calling it again, or too late, does nothing. */
export type Cancel = () => void;

/** Monotonic time. */
export interface Clock {
  now(): Instant;
  /** Calls `wake` once, at or soon after `at`. */
  schedule(at: Instant, wake: () => void): Cancel;
}

/** Opens and accepts connections. */
export interface Transport {
  /** Starts to accept connections. Port 0 lets the transport choose; `done` tells the address in use. */
  listen(
    address: PeerAddress,
    onConnection: (connection: Connection) => void,
    done: (outcome: ListenOutcome) => void,
  ): Cancel;
  /** Opens a connection; the outcome comes once. Cancelling is allowed until then. */
  dial(address: PeerAddress, done: (outcome: DialOutcome) => void): Cancel;
}

export type ListenOutcome =
  | { readonly kind: 'listening'; readonly address: PeerAddress }
  | { readonly kind: 'failed'; readonly code: string; readonly message: string };

export type DialOutcome =
  | { readonly kind: 'connected'; readonly connection: Connection }
  | { readonly kind: 'failed'; readonly code: string; readonly message: string };

/** A reliable, ordered pipe of bytes to one peer. */
export interface Connection {
  /** The other end: for an accepted connection its source port, which nobody can dial. */
  readonly remote: PeerAddress;
  /** Names who receives what arrives; nothing is delivered before this call. */
  attach(handler: ConnectionHandler): void;
  /** Queues bytes. The transport copies what it keeps: the parts may be reused when the call returns. */
  send(parts: readonly Uint8Array[]): void;
  /** Sends what is queued, then closes. `closed` is not called for a close of our own. */
  close(): void;
}

/** Receives what happens on one connection. */
export interface ConnectionHandler {
  /** Bytes in order of arrival; the view is valid only during the call. */
  received(chunk: Uint8Array): void;
  /** So many of the queued bytes have left for the network. */
  flushed(bytes: number): void;
  /** The other end closed, or the connection broke. Last call. */
  closed(reason: string): void;
}

/** The pieces of one torrent at rest. `PieceStore` of `@p2p/storage` satisfies it. */
export interface Storage<P extends Payload = Uint8Array> {
  /** Copies a received block into the buffer of its piece; `data` is only read during the call. */
  writeBlock(piece: PieceIndex, begin: number, data: P): void;
  /** Verifies the assembled piece and stores it if it is right; its buffer is given back either way. */
  commitPiece(piece: PieceIndex, done: (outcome: CommitOutcome) => void): void;
  /** Forgets the blocks of a piece that was being assembled. */
  discardPiece(piece: PieceIndex): void;
  /** Reads part of a stored piece; `data` is valid until `done` returns. Answers come in the order of the calls. */
  readBlock(block: BlockRef, done: (outcome: ReadOutcome<P>) => void): void;
}

export type CommitOutcome =
  | { readonly kind: 'stored' }
  | { readonly kind: 'corrupt' }
  | { readonly kind: 'failed'; readonly error: Error & { readonly code: string } };

export type ReadOutcome<P extends Payload = Uint8Array> =
  | { readonly kind: 'read'; readonly data: P }
  | { readonly kind: 'failed'; readonly error: Error & { readonly code: string } };
