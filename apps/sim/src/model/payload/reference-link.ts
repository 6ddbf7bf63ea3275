import type { CoreMessage, Input, Link, LinkSink, SessionId } from '@p2p/swarm';
import {
  encodeHandshake,
  HandshakeDecoder,
  messageBytes,
  PIECE_HEADER_BYTES,
  WireError,
  type Handshake,
} from '@p2p/wire';

import type { Item } from '../network/batch.js';
import type { ArrivedItems, ItemHandler, SimConnection } from '../network/sim-connection.js';
import type { BlockReference } from './block-reference.js';
import type { LinkSettings } from './link-settings.js';

/** A link on which messages travel as the objects they are. Only the handshake is bytes. */
export class ReferenceLink implements Link<BlockReference>, ItemHandler {
  readonly #session: SessionId;
  readonly #connection: SimConnection;
  readonly #sink: LinkSink<BlockReference>;
  readonly #settings: LinkSettings<BlockReference>;
  #isClosed = false;

  constructor(
    session: SessionId,
    connection: SimConnection,
    sink: LinkSink<BlockReference>,
    settings: LinkSettings<BlockReference>,
  ) {
    this.#session = session;
    this.#connection = connection;
    this.#sink = sink;
    this.#settings = settings;
    connection.attachItems(this);
  }

  /** Nothing here depends on it. */
  setPieceCount(): void {
    return;
  }

  /** Bytes that were not sent as items: none but a handshake's. */
  received(chunk: Uint8Array): void {
    if (!this.#isClosed) this.#sink([this.#inputOf(chunk)]);
  }

  arrived(items: ArrivedItems, start: number): void {
    if (this.#isClosed) return;
    const inputs: Input<BlockReference>[] = [this.#inputOf(items.itemAt(start))];
    for (let index = start + 1; index < items.itemCount; index++) inputs.push(this.#inputOf(items.itemAt(index)));
    this.#sink(inputs);
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
    const bytes = encodeHandshake(handshake);
    this.#connection.sendItem(bytes, bytes.length, 0);
  }

  send(message: CoreMessage<BlockReference>): void {
    const { rewrite } = this.#settings;
    if (rewrite === undefined) this.#sendOne(message);
    else for (const rewritten of rewrite(message)) this.#sendOne(rewritten);
  }

  /** What is sent is on its way at the end of the turn already. */
  flush(): void {
    return;
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#connection.close();
  }

  #sendOne(message: CoreMessage<BlockReference>): void {
    this.#settings.trace.sent(this.#connection.id, message);
    if (message.type === 'piece') {
      const { length } = message.data;
      this.#connection.sendItem(message, PIECE_HEADER_BYTES + length, length);
    } else this.#connection.sendItem(message, messageBytes(message), 0);
  }

  #inputOf(item: Item | undefined): Input<BlockReference> {
    const session = this.#session;
    if (item !== undefined && 'type' in item) return { kind: 'message', session, message: item };
    try {
      const opening = item === undefined ? undefined : new HandshakeDecoder().push(item);
      if (opening !== undefined) return { kind: 'handshake', session, handshake: opening.handshake };
      return { kind: 'violated', session, detail: 'a handshake that is too short' };
    } catch (error) {
      if (!(error instanceof WireError)) throw error;
      return { kind: 'violated', session, detail: error.message };
    }
  }
}
