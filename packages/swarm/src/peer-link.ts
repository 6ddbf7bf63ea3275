import {
  encodeHandshake,
  encodeMessage,
  encodeMessageInto,
  encodePieceHeaderInto,
  FrameDecoder,
  HandshakeDecoder,
  messageBytes,
  PIECE_HEADER_BYTES,
  WireError,
  type Handshake,
} from '@p2p/wire';

import type { CoreMessage, Input, SessionId } from './core/input.js';
import type { Connection, Link, LinkExpectations, LinkSink, OpenLink } from './ports.js';

/**
 * The edge between the bytes of one connection and the messages of one session.
 *
 * The only place where a decoder's error is caught: it becomes the input `violated`.
 */
export class PeerLink implements Link {
  readonly #session: SessionId;
  readonly #connection: Connection;
  readonly #sink: LinkSink;
  readonly #decoder: FrameDecoder;
  /** Defined while the peer's handshake is awaited. */
  #handshake: HandshakeDecoder | undefined;
  #parts: Uint8Array[] = [];
  /** Small messages are encoded here one behind the other. Only links with something to flush have one. */
  #scratch: Uint8Array = NO_BYTES;
  #used = 0;
  /** Start of the run of small messages that is not yet a part. */
  #runStart = 0;
  #isClosed = false;

  constructor(session: SessionId, connection: Connection, sink: LinkSink, expects: LinkExpectations) {
    this.#session = session;
    this.#connection = connection;
    this.#sink = sink;
    this.#decoder = new FrameDecoder(expects.pieceCount === undefined ? {} : { pieceCount: expects.pieceCount });
    this.#handshake = expects.handshake ? new HandshakeDecoder() : undefined;
  }

  setPieceCount(pieceCount: number): void {
    this.#decoder.setPieceCount(pieceCount);
  }

  received(chunk: Uint8Array): void {
    if (this.#isClosed) return;
    const inputs: Input<Uint8Array>[] = [];
    try {
      this.#decode(chunk, inputs);
    } catch (error) {
      if (!(error instanceof WireError)) throw error;
      inputs.push({ kind: 'violated', session: this.#session, detail: error.message });
    }
    if (inputs.length > 0) this.#sink(inputs);
  }

  flushed(bytes: number): void {
    if (!this.#isClosed) this.#sink([{ kind: 'flushed', session: this.#session, bytes }]);
  }

  closed(reason: string): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#sink([{ kind: 'lost', session: this.#session, detail: reason }]);
  }

  sendHandshake(handshake: Handshake): void {
    this.#parts.push(encodeHandshake(handshake));
  }

  /** Encodes a message behind those that wait; `flush` sends them. A block's bytes are not copied here. */
  send(message: CoreMessage<Uint8Array>): void {
    if (message.type === 'piece') {
      const at = this.#reserve(PIECE_HEADER_BYTES);
      const { piece, begin, data } = message;
      encodePieceHeaderInto({ piece, begin, length: data.length }, this.#scratch, at);
      this.#endRun();
      this.#parts.push(message.data);
      return;
    }
    const bytes = messageBytes(message);
    if (bytes > SCRATCH_BYTES) {
      this.#endRun();
      this.#parts.push(encodeMessage(message));
      return;
    }
    const at = this.#reserve(bytes);
    encodeMessageInto(message, this.#scratch, at);
  }

  /** Hands everything that waits to the connection, which copies it. */
  flush(): void {
    this.#endRun();
    if (this.#parts.length > 0 && !this.#isClosed) this.#connection.send(this.#parts);
    if (this.#parts.length > 0) this.#parts = [];
    this.#used = 0;
    this.#runStart = 0;
    if (this.#scratch.length > 0 && spareScratches.length < MAX_SPARE_SCRATCHES) spareScratches.push(this.#scratch);
    this.#scratch = NO_BYTES;
  }

  /** Sends what waits, then closes. Nothing arrives from this link afterwards. */
  close(): void {
    if (this.#isClosed) return;
    this.flush();
    this.#isClosed = true;
    this.#connection.close();
  }

  #decode(chunk: Uint8Array, inputs: Input<Uint8Array>[]): void {
    let rest = chunk;
    if (this.#handshake !== undefined) {
      const opening = this.#handshake.push(chunk);
      if (opening === undefined) return;
      this.#handshake = undefined;
      inputs.push({ kind: 'handshake', session: this.#session, handshake: opening.handshake });
      rest = opening.rest;
    }
    for (const message of this.#decoder.push(rest)) inputs.push({ kind: 'message', session: this.#session, message });
  }

  /** Room for `bytes` in the scratch buffer; returns where. */
  #reserve(bytes: number): number {
    if (this.#used + bytes > SCRATCH_BYTES) this.flush();
    if (this.#scratch.length === 0) this.#scratch = spareScratches.pop() ?? new Uint8Array(SCRATCH_BYTES);
    const at = this.#used;
    this.#used += bytes;
    return at;
  }

  #endRun(): void {
    if (this.#used > this.#runStart) this.#parts.push(this.#scratch.subarray(this.#runStart, this.#used));
    this.#runStart = this.#used;
  }
}

/** Links that speak the protocol, in bytes. */
export const openPeerLink: OpenLink = (session, connection, sink, expects) =>
  new PeerLink(session, connection, sink, expects);

const NO_BYTES = new Uint8Array(0);
/** Room for some 240 requests; a longer message (bitfield, metadata) is encoded on its own. */
const SCRATCH_BYTES = 4_096;
/** Of all links: thousands of quiet ones need none, and few have something to flush at once. */
const spareScratches: Uint8Array[] = [];
const MAX_SPARE_SCRATCHES = 16;
