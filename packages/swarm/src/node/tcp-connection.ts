import type { Socket } from 'node:net';

import type { PeerAddress } from '@p2p/wire';

import type { Connection, ConnectionHandler } from '../ports.js';
import type { Segment, SendSlabs } from './send-slabs.js';

/** What the connections of one transport share. */
export interface SendTurn {
  readonly slabs: SendSlabs;
  /** Has `flush` called once this turn of the event loop is over. */
  readonly schedule: (connection: TcpConnection) => void;
}

/**
 * A TCP connection.
 *
 * What is sent during one turn of the event loop leaves in one write: sixteen-kilobyte writes would cost 40 % more
 * (measured, see tcp-transport.ts).
 */
export class TcpConnection implements Connection {
  readonly remote: PeerAddress;
  readonly #socket: Socket;
  readonly #turn: SendTurn;
  #handler: ConnectionHandler | undefined;
  #state: 'open' | 'closing' | 'closed' = 'open';
  #reason = 'closed by the other end';
  #segments: Segment[] = [];
  #lingering: NodeJS.Timeout | undefined;

  /** @param socket connected and paused; its events belong to the connection from now on */
  constructor(socket: Socket, remote: PeerAddress, turn: SendTurn) {
    this.remote = remote;
    this.#socket = socket;
    this.#turn = turn;
    socket.on('error', (error) => (this.#reason = describe(error)));
    socket.on('end', () => socket.destroy());
    socket.on('close', () => this.#handleClose());
    socket.setNoDelay(true);
  }

  attach(handler: ConnectionHandler): void {
    if (this.#handler !== undefined) throw new TypeError('attach() expected to be called once, got a second handler');
    this.#handler = handler;
    if (this.#state === 'closed') setImmediate(() => handler.closed(this.#reason));
    else this.#socket.resume();
  }

  /** Called by the transport with what arrived; a view, valid during the call. */
  receive(chunk: Uint8Array): void {
    if (this.#state === 'open') this.#handler?.received(chunk);
  }

  send(parts: readonly Uint8Array[]): void {
    if (this.#state !== 'open') return;
    if (this.#segments.length === 0) this.#turn.schedule(this);
    for (const part of parts) this.#turn.slabs.append(part, this.#segments);
  }

  /** Hands what was sent during this turn to the socket. */
  flush(): void {
    const segments = this.#segments;
    const socket = this.#socket;
    if (segments.length === 0) return;
    this.#segments = [];
    if (this.#state === 'closed') {
      this.#turn.slabs.release(segments);
      return;
    }
    const bytes = segments.reduce((sum, { start, end }) => sum + end - start, 0);
    const written = () => this.#handleWritten(segments, bytes);
    socket.cork();
    for (const [index, { slab, start, end }] of segments.entries()) {
      // Writes complete in order: the last one speaks for all.
      if (index === segments.length - 1) socket.write(slab.bytes.subarray(start, end), written);
      else socket.write(slab.bytes.subarray(start, end));
    }
    socket.uncork();
  }

  close(): void {
    if (this.#state !== 'open') return;
    this.flush();
    this.#state = 'closing';
    this.#socket.end();
    // What still arrives is read and dropped: to close on unread bytes would reset the connection, and with it what we
    // have just sent. The other end answers with a close of its own, or is not waited for.
    this.#socket.resume();
    this.#lingering = setTimeout(() => this.#socket.destroy(), LINGER_MS);
  }

  #handleWritten(segments: readonly Segment[], bytes: number): void {
    this.#turn.slabs.release(segments);
    // A socket that is reset calls back its pending writes without an error: that it is destroyed tells.
    if (this.#state === 'open' && !this.#socket.destroyed) this.#handler?.flushed(bytes);
  }

  #handleClose(): void {
    clearTimeout(this.#lingering);
    const isTold = this.#state === 'open';
    this.#state = 'closed';
    this.#turn.slabs.release(this.#segments);
    this.#segments = [];
    if (isTold) this.#handler?.closed(this.#reason);
  }
}

function describe(error: NodeJS.ErrnoException): string {
  return REASONS[error.code ?? ''] ?? error.message;
}

const REASONS: Readonly<Record<string, string>> = {
  ECONNRESET: 'connection reset by the other end',
  EPIPE: 'connection reset by the other end',
  ETIMEDOUT: 'connection timed out',
};
/** A node leaves within 2 s of being asked to; nobody who is gone may hold it up for longer. */
const LINGER_MS = 1_500;
