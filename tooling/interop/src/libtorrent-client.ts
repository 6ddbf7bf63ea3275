import { createRequire } from 'node:module';

import {
  awaitedLater,
  EXCHANGE_TIMEOUT_MS,
  type ClientSite,
  type Fetching,
  type ForeignClient,
  type PeerAddress,
  type Source,
  type TorrentFile,
} from './foreign-client.js';
import { numberField, objectsField, parseJsonObject, textField, type JsonObject } from './json-event.js';
import { ManagedProcess } from './managed-process.js';

/** Debian's own: python3-libtorrent is built for it, not for whatever `python3` is on PATH. */
export const LIBTORRENT_PYTHON = '/usr/bin/python3';

export interface LibtorrentOptions {
  readonly settings?: LibtorrentSettings;
  /** How long a download may take. */
  readonly timeoutMs?: number;
}

/** libtorrent's own settings, by their names there. */
export type LibtorrentSettings = Readonly<Record<string, number | boolean | string>>;

/** A peer that libtorrent is connected to. */
export interface LibtorrentPeer {
  readonly address: PeerAddress;
  readonly client: string;
  /** Whether libtorrent heard of it by peer exchange. */
  readonly isFromPex: boolean;
}

/** libtorrent-rasterbar, by a small script of ours around its Python binding. */
export class LibtorrentClient implements ForeignClient {
  readonly name = 'libtorrent';
  readonly canDial = true;
  readonly createsEmptyFiles = true;
  readonly process: ManagedProcess;

  readonly #address: PeerAddress;
  readonly #timeoutMs: number;
  readonly #listening: Promise<unknown>;
  #questionCount = 0;

  constructor(site: ClientSite, { settings = {}, timeoutMs = EXCHANGE_TIMEOUT_MS }: LibtorrentOptions = {}) {
    this.#timeoutMs = timeoutMs;
    this.#address = { host: site.host, port: LISTEN_PORT };
    const script = createRequire(import.meta.url).resolve('@p2p/interop/libtorrent-client.py');
    const args = [script, site.host, String(LISTEN_PORT), JSON.stringify(settings)];
    this.process = ManagedProcess.start(LIBTORRENT_PYTHON, args, { namespace: site.namespace });
    this.#listening = awaitedLater(this.#event('listening'));
  }

  /** @param options `isTrusted`: take the content as verified, do not hash it first */
  async seed(
    torrent: TorrentFile,
    folder: string,
    options: { readonly isTrusted?: boolean } = {},
  ): Promise<PeerAddress> {
    await this.#listening;
    this.#command({ do: 'add', torrent: torrent.path, folder, trusted: options.isTrusted === true });
    await this.#event('finished');
    return this.#address;
  }

  async fetch(source: Source, folder: string, peers: readonly PeerAddress[]): Promise<Fetching> {
    await this.#listening;
    const what = source.kind === 'torrent' ? { torrent: source.torrent.path } : { magnet: source.uri };
    this.#command({ do: 'add', ...what, folder, peers: peers.map(({ host, port }) => [host, port]) });
    const completed = this.#event('finished').then(() => undefined);
    return { address: this.#address, completed: awaitedLater(completed) };
  }

  /** Dials these peers, for the torrent it has. */
  connect(peers: readonly PeerAddress[]): void {
    this.#command({ do: 'connect', peers: peers.map(({ host, port }) => [host, port]) });
  }

  /** Caps its rates, in bytes per second; 0 lifts a cap. */
  limit(rates: { readonly up: number; readonly down: number }): void {
    this.#command({ do: 'limit', ...rates });
  }

  /** Fulfils when libtorrent is connected to a peer for which `accept` holds. */
  async findPeer(accept: (peer: LibtorrentPeer) => boolean, what: string): Promise<LibtorrentPeer> {
    const asking = setInterval(() => this.#command({ do: 'peers' }), 200);
    try {
      return await this.process.find((line) => peersOf(line).find(accept), what, EXCHANGE_TIMEOUT_MS);
    } finally {
      clearInterval(asking);
    }
  }

  /** How many bytes of content it has sent since it started. */
  async uploadedBytes(): Promise<number> {
    const question = ++this.#questionCount;
    this.#command({ do: 'status', question });
    return numberField(await this.#event('status', (event) => event['question'] === question), 'uploaded');
  }

  stop(): Promise<void> {
    return this.process.kill(); // it holds nothing worth saving, and a polite end waits for trackers
  }

  #command(command: object): void {
    this.process.writeLine(JSON.stringify(command));
  }

  #event(name: string, accept: (event: JsonObject) => boolean = () => true): Promise<JsonObject> {
    const select = (line: string): JsonObject | undefined => {
      const event = parseJsonObject(line);
      if (event?.['event'] === 'error') throw new Error(`libtorrent: ${textField(event, 'message')}`);
      return event?.['event'] === name && accept(event) ? event : undefined;
    };
    return this.process.find(select, `event "${name}"`, this.#timeoutMs);
  }
}

function peersOf(line: string): readonly LibtorrentPeer[] {
  const event = parseJsonObject(line);
  if (event?.['event'] !== 'peers') return [];
  return objectsField(event, 'peers').map((peer) => ({
    address: { host: textField(peer, 'host'), port: numberField(peer, 'port') },
    client: textField(peer, 'client'),
    isFromPex: peer['fromPex'] === true,
  }));
}

/** Every client has an address of its own, so all may use the same port. */
const LISTEN_PORT = 6881;
