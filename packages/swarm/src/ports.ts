import type { BlockRef, Handshake, PeerAddress, PieceIndex } from '@p2p/wire';

import type { CoreMessage, Input, SessionId } from './core/input.js';
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
export interface NodePorts<P extends Payload = Uint8Array> {
  readonly clock: Clock;
  readonly random: Random;
  readonly transport: Transport;
  /** How messages travel over a connection. Default: as the bytes of the protocol (`PeerLink`), for payload that is bytes. */
  readonly openLink?: OpenLink<P>;
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

/**
 * The edge between one connection and the messages of one session. It is the connection's handler.
 *
 * The protocol's own link is `PeerLink`. A simulator may carry messages without their bytes.
 */
export interface Link<P extends Payload = Uint8Array> extends ConnectionHandler {
  /** The torrent's number of pieces became known. */
  setPieceCount(pieceCount: number): void;
  sendHandshake(handshake: Handshake): void;
  /** Puts a message behind those that wait; a block's payload is kept no longer than until `flush` returns. */
  send(message: CoreMessage<P>): void;
  /** Hands everything that waits to the connection. */
  flush(): void;
  /** Sends what waits, then closes. Nothing arrives from this link afterwards. */
  close(): void;
}

/** Takes what arrives on a link. All messages of one chunk come in one call, so that the core answers them together. */
export type LinkSink<P extends Payload = Uint8Array> = (inputs: readonly Input<P>[]) => void;

export interface LinkExpectations {
  /** The peer's handshake is still to come: we dialled. */
  readonly handshake: boolean;
  /** Undefined while the metadata is not known. */
  readonly pieceCount: number | undefined;
}

/** Makes the link of a session; the shell attaches it to the connection. */
export type OpenLink<P extends Payload = Uint8Array> = (
  session: SessionId,
  connection: Connection,
  sink: LinkSink<P>,
  expects: LinkExpectations,
) => Link<P>;

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
