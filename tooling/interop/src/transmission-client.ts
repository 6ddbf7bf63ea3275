import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

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
import { asObject, numberField, objectsField, parseJsonObject, textField, type JsonObject } from './json-event.js';
import { ManagedProcess } from './managed-process.js';

/**
 * transmission-daemon, driven by its RPC over HTTP.
 *
 * It cannot be told a peer, throws away 127.x that comes by PEX, and keeps one peer for each address; but it takes any
 * incoming connection, so whoever exchanges with it has an address of its own and dials. It makes no empty files, and lets
 * up to ten seconds pass before it first unchokes anybody.
 */
export class TransmissionClient implements ForeignClient {
  readonly name = 'Transmission';
  readonly canDial = false;
  readonly createsEmptyFiles = false;

  readonly #site: ClientSite;
  #process: ManagedProcess | undefined;
  #sessionId = '';

  constructor(site: ClientSite) {
    if (site.namespace !== undefined) throw new Error('Transmission is driven over TCP: not from outside a namespace');
    this.#site = site;
  }

  async seed(torrent: TorrentFile, folder: string): Promise<PeerAddress> {
    await this.#start();
    await this.#add({ kind: 'torrent', torrent }, folder);
    await this.#complete();
    return this.#address;
  }

  async fetch(source: Source, folder: string, _peers: readonly PeerAddress[]): Promise<Fetching> {
    await this.#start();
    await this.#add(source, folder);
    return { address: this.#address, completed: awaitedLater(this.#complete()) };
  }

  async stop(): Promise<void> {
    await this.#process?.kill(); // a polite end tells trackers, and takes seconds
  }

  /** @throws {Error} while no process was started */
  get pid(): number {
    if (this.#process === undefined) throw new Error('Transmission was not started yet');
    return this.#process.pid;
  }

  get #address(): PeerAddress {
    return { host: this.#site.host, port: PEER_PORT };
  }

  async #start(): Promise<void> {
    const { host, stateFolder } = this.#site;
    await mkdir(stateFolder, { recursive: true });
    await writeFile(join(stateFolder, 'settings.json'), JSON.stringify(settings(host)));
    this.#process = ManagedProcess.start('transmission-daemon', ['--foreground', '--config-dir', stateFolder]);
    await this.#process.find((line) => (line.includes('Serving RPC') ? true : undefined), 'RPC server');
  }

  async #add(source: Source, folder: string): Promise<void> {
    await mkdir(folder, { recursive: true });
    const what =
      source.kind === 'torrent'
        ? { metainfo: (await readFile(source.torrent.path)).toString('base64') }
        : { filename: source.uri };
    await this.#call('torrent-add', { ...what, 'download-dir': folder, paused: false });
  }

  /** Fulfils when nothing is left to download and the check of what was there is over. */
  async #complete(): Promise<void> {
    const deadline = performance.now() + EXCHANGE_TIMEOUT_MS;
    for (;;) {
      const [torrent] = objectsField(await this.#call('torrent-get', { fields: FIELDS }), 'torrents');
      if (torrent === undefined) throw new Error('Transmission lost its torrent');
      if (numberField(torrent, 'error') !== 0) throw new Error(`Transmission: ${textField(torrent, 'errorString')}`);
      if (isComplete(torrent)) return;
      if (performance.now() > deadline) {
        throw new Error(`Transmission is not done: ${JSON.stringify(torrent)}\n${this.#process?.transcript ?? ''}`);
      }
      await sleep(POLL_MS);
    }
  }

  async #call(method: string, parameters: object): Promise<JsonObject> {
    const request = (): Promise<Response> =>
      fetch(`http://${this.#site.host}:${RPC_PORT}/transmission/rpc`, {
        method: 'POST',
        headers: { 'X-Transmission-Session-Id': this.#sessionId },
        body: JSON.stringify({ method, arguments: parameters }),
      });
    let response = await request();
    if (response.status === 409) {
      // Its defence against forged requests: the first answer carries the id that the next must repeat.
      this.#sessionId = response.headers.get('X-Transmission-Session-Id') ?? '';
      await response.arrayBuffer();
      response = await request();
    }
    const answer = parseJsonObject(await response.text());
    if (answer?.['result'] !== 'success') throw new Error(`Transmission refuses ${method}: ${JSON.stringify(answer)}`);
    return asObject(answer['arguments']);
  }
}

function isComplete(torrent: JsonObject): boolean {
  const isIdle = numberField(torrent, 'status') === STATUS_SEEDING;
  return isIdle && numberField(torrent, 'metadataPercentComplete') === 1 && numberField(torrent, 'leftUntilDone') === 0;
}

function settings(host: string): object {
  return {
    'bind-address-ipv4': host,
    'peer-port': PEER_PORT,
    'rpc-bind-address': host,
    'rpc-port': RPC_PORT,
    'rpc-whitelist-enabled': false,
    'rpc-host-whitelist-enabled': false,
    'dht-enabled': false,
    'lpd-enabled': false,
    'utp-enabled': false,
    'pex-enabled': true,
    encryption: 0,
    'port-forwarding-enabled': false,
    'rename-partial-files': false,
  };
}

const PEER_PORT = 51413;
const RPC_PORT = 9091;
const POLL_MS = 100;
const STATUS_SEEDING = 6;
const FIELDS = ['status', 'error', 'errorString', 'leftUntilDone', 'metadataPercentComplete', 'peers'];
