import { openPeerLink, type Connection, type CoreMessage, type Link, type LinkSink } from '@p2p/swarm';
import type { LinkExpectations, SessionId } from '@p2p/swarm';
import type { Handshake, PeerAddress } from '@p2p/wire';

import type { ArrivedItems, ItemHandler, SimConnection } from '../network/sim-connection.js';
import type { LinkSettings } from './link-settings.js';

/**
 * A link on which messages travel as their real bytes: the protocol's own link, of which each message's bytes are one item.
 *
 * So the same messages share a batch as with `ReferenceLink`, and the node decides the same.
 */
export class ByteLink implements Link, ItemHandler {
  readonly #connection: SimConnection;
  readonly #settings: LinkSettings<Uint8Array>;
  readonly #outlet: Outlet;
  readonly #link: Link;

  constructor(connection: SimConnection, settings: LinkSettings<Uint8Array>, open: (outlet: Connection) => Link) {
    this.#connection = connection;
    this.#settings = settings;
    this.#outlet = new Outlet(connection);
    this.#link = open(this.#outlet);
    connection.attachItems(this);
  }

  setPieceCount(pieceCount: number): void {
    this.#link.setPieceCount(pieceCount);
  }

  received(chunk: Uint8Array): void {
    this.#link.received(chunk);
  }

  arrived(items: ArrivedItems, start: number): void {
    const parts: Uint8Array[] = [];
    for (let index = start; index < items.itemCount; index++) {
      const item = items.itemAt(index);
      if (item instanceof Uint8Array) parts.push(item);
    }
    this.#link.received(joined(parts));
  }

  flushed(bytes: number): void {
    this.#link.flushed(bytes);
  }

  closed(reason: string): void {
    this.#link.closed(reason);
  }

  sendHandshake(handshake: Handshake): void {
    this.#link.sendHandshake(handshake);
    this.#emit(0);
  }

  send(message: CoreMessage<Uint8Array>): void {
    const { rewrite } = this.#settings;
    for (const sent of rewrite === undefined ? [message] : rewrite(message)) {
      this.#settings.trace.sent(this.#connection.id, sent);
      this.#link.send(sent);
      this.#emit(sent.type === 'piece' ? sent.data.length : 0);
    }
  }

  /** Each message was handed over when it was sent. */
  flush(): void {
    return;
  }

  close(): void {
    this.#link.close();
  }

  #emit(payloadBytes: number): void {
    this.#link.flush();
    const bytes = joined(this.#outlet.takeParts());
    this.#connection.sendItem(bytes, bytes.length, payloadBytes);
  }
}

/** Opens such a link for a session. */
export function openByteLink(
  settings: LinkSettings<Uint8Array>,
  connection: SimConnection,
  opening: { readonly session: SessionId; readonly sink: LinkSink; readonly expects: LinkExpectations },
): ByteLink {
  const { session, sink, expects } = opening;
  return new ByteLink(connection, settings, (outlet) => openPeerLink(session, outlet, sink, expects));
}

/** Where the protocol's link leaves the bytes of a message. */
class Outlet implements Connection {
  readonly remote: PeerAddress;
  readonly #connection: SimConnection;
  #parts: Uint8Array[] = [];

  constructor(connection: SimConnection) {
    this.remote = connection.remote;
    this.#connection = connection;
  }

  attach(): void {
    throw new Error('bug: the outlet hands nothing over by itself');
  }

  send(parts: readonly Uint8Array[]): void {
    for (const part of parts) this.#parts.push(part.slice());
  }

  close(): void {
    this.#connection.close();
  }

  takeParts(): Uint8Array[] {
    const parts = this.#parts;
    this.#parts = [];
    return parts;
  }
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const [only] = parts;
  if (parts.length === 1 && only !== undefined) return only;
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let filled = 0;
  for (const part of parts) {
    bytes.set(part, filled);
    filled += part.length;
  }
  return bytes;
}
