import {
  CATALOG_INFO_HASH,
  decodeCatalog,
  decodeExtendedHandshake,
  encodeCatalog,
  encodeExtendedHandshake,
  toHex,
  WireError,
  type CatalogMessage,
  type Handshake,
  type Message,
} from '@p2p/wire';

import type { Input } from './core/input.js';
import { PeerLink } from './peer-link.js';
import type { Connection, ConnectionHandler } from './ports.js';

/** Who speaks, and to whom it matters. */
export interface CatalogLinkSettings {
  readonly peerId: Uint8Array;
  /** The peer's handshake is still to come: we dialled. */
  readonly expectsHandshake: boolean;
  /** The peer understands catalogues, and can be sent messages from now on. */
  readonly onReady: () => void;
  readonly onMessage: (message: CatalogMessage) => void;
  /** The link is over; last call. Not called for a close of our own. */
  readonly onEnd: (why: string) => void;
}

/**
 * A connection on which catalogues are spoken instead of a torrent (decision D5): handshake with the info-hash that stands
 * for "what do you share", extended handshake, then `p2p_catalog` messages.
 *
 * Foreign clients close such a connection at its handshake, as they do for any torrent they do not have.
 */
export class CatalogLink {
  readonly #link: PeerLink;
  readonly #settings: CatalogLinkSettings;
  /** The number under which the peer wants catalogue messages. */
  #peerExtensionId: number | undefined;
  #isOver = false;

  constructor(connection: Connection, settings: CatalogLinkSettings) {
    this.#settings = settings;
    const take = (inputs: readonly Input<Uint8Array>[]): void => {
      // What comes in one chunk behind the message that ended the link concerns nobody.
      for (const input of inputs) if (!this.#isOver) this.#take(input);
      this.#link.flush();
    };
    this.#link = new PeerLink(0, connection, take, { handshake: settings.expectsHandshake, pieceCount: 0 });
    const { peerId } = settings;
    const abilities = { supportsExtended: true, supportsFast: false, supportsDht: false };
    this.#link.sendHandshake({ infoHash: CATALOG_INFO_HASH, peerId, ...abilities });
    if (!settings.expectsHandshake) this.#greet();
    this.#link.flush();
  }

  /** What the connection's events go to. */
  get handler(): ConnectionHandler {
    return this.#link;
  }

  /** Call after `onReady`. */
  send(message: CatalogMessage): void {
    if (this.#peerExtensionId === undefined) throw new Error('bug: a catalogue message before the peer was ready');
    const payload = encodeCatalog(message);
    this.#link.send({ type: 'extended', extensionId: this.#peerExtensionId, payload });
    this.#link.flush();
  }

  close(): void {
    this.#isOver = true;
    this.#link.close();
  }

  #greet(): void {
    const payload = encodeExtendedHandshake({ extensions: new Map([['p2p_catalog', OUR_EXTENSION_ID]]) });
    this.#link.send({ type: 'extended', extensionId: 0, payload });
  }

  #take(input: Input<Uint8Array>): void {
    if (input.kind === 'handshake') this.#shakeHands(input.handshake);
    else if (input.kind === 'violated') this.#fail(input.detail);
    else if (input.kind === 'lost') this.#settings.onEnd(input.detail);
    else if (input.kind === 'message' && input.message.type === 'extended') this.#extended(input.message);
  }

  #shakeHands(handshake: Handshake): void {
    if (!isCatalogHandshake(handshake) || !handshake.supportsExtended) this.#fail('it speaks of a torrent instead');
    else this.#greet();
  }

  #extended(message: Extract<Message, { type: 'extended' }>): void {
    try {
      if (message.extensionId === OUR_EXTENSION_ID) this.#spoken(decodeCatalog(message.payload));
      else if (message.extensionId === 0) this.#introduced(message.payload);
    } catch (error) {
      if (!(error instanceof WireError)) throw error;
      this.#fail(error.message);
    }
  }

  /** Until the peer has introduced itself nobody knows under which number it could be answered. */
  #spoken(message: CatalogMessage): void {
    if (this.#peerExtensionId === undefined) this.#fail('it speaks before it introduced itself');
    else this.#settings.onMessage(message);
  }

  #introduced(payload: Uint8Array): void {
    const id = decodeExtendedHandshake(payload).extensions.get('p2p_catalog') ?? 0;
    if (id === 0) {
      this.#fail('it does not know catalogues');
      return;
    }
    const isFirst = this.#peerExtensionId === undefined;
    this.#peerExtensionId = id;
    if (isFirst) this.#settings.onReady();
  }

  #fail(why: string): void {
    this.close();
    this.#settings.onEnd(why);
  }
}

/** The peer wants to know what we share. */
export function isCatalogHandshake(handshake: Handshake): boolean {
  return toHex(handshake.infoHash) === CATALOG_KEY;
}

const CATALOG_KEY = toHex(CATALOG_INFO_HASH);
const OUR_EXTENSION_ID = 1;
