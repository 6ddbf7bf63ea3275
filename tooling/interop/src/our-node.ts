import { createRequire } from 'node:module';
import { basename, join } from 'node:path';

import {
  awaitedLater,
  EXCHANGE_TIMEOUT_MS,
  formatAddress,
  type ClientSite,
  type Fetching,
  type ForeignClient,
  type PeerAddress,
  type Source,
  type TorrentFile,
} from './foreign-client.js';
import { numberField, parseJsonObject, textField, type JsonObject } from './json-event.js';
import { ManagedProcess } from './managed-process.js';
import type { MadeTorrent } from './torrent-maker.js';

/** What our node shares by `share`: its own torrent, with the magnet link it prints. */
export interface Sharing {
  readonly address: PeerAddress;
  readonly magnet: string;
  readonly infoHash: string;
}

export interface OurNodeOptions {
  /** Added to its command line. */
  readonly extraArgs?: readonly string[];
  /** How long a download may take. */
  readonly timeoutMs?: number;
  /** Added to its environment. */
  readonly environment?: Readonly<Record<string, string>>;
}

/** Our own node (`apps/peer`, built), by the command line that people use. */
export class OurNode implements ForeignClient {
  readonly name = 'our node';
  readonly canDial = true;
  readonly createsEmptyFiles = true;

  readonly #site: ClientSite;
  readonly #extraArgs: readonly string[];
  readonly #timeoutMs: number;
  readonly #environment: Readonly<Record<string, string>>;
  #process: ManagedProcess | undefined;

  constructor(
    site: ClientSite,
    { extraArgs = [], timeoutMs = EXCHANGE_TIMEOUT_MS, environment = {} }: OurNodeOptions = {},
  ) {
    this.#site = site;
    this.#extraArgs = extraArgs;
    this.#timeoutMs = timeoutMs;
    this.#environment = environment;
  }

  /** @throws {Error} while no process was started */
  get process(): ManagedProcess {
    if (this.#process === undefined) throw new Error('our node was not started yet');
    return this.#process;
  }

  /** Takes up complete content under a torrent that somebody else made. */
  async seed(torrent: TorrentFile, folder: string, peers: readonly PeerAddress[] = []): Promise<PeerAddress> {
    const { address } = await this.fetch({ kind: 'torrent', torrent }, folder, peers);
    // Not only complete: whoever measures what it serves does not want to measure its reading.
    await this.event('verified');
    return address;
  }

  /** Shares a file or folder under a torrent of its own making, also dialling `peers`. */
  async share(path: string, pieceBytes: number, peers: readonly PeerAddress[] = []): Promise<Sharing> {
    const address = await this.#start(['share', path, '--piece-size', String(pieceBytes)], peers);
    const sharing = await this.event('sharing');
    return { address, magnet: textField(sharing, 'magnet'), infoHash: textField(sharing, 'infoHash') };
  }

  async fetch(source: Source, folder: string, peers: readonly PeerAddress[]): Promise<Fetching> {
    const what = source.kind === 'torrent' ? source.torrent.path : source.uri;
    const address = await this.#start(['get', what, '--out', folder], peers);
    return { address, completed: awaitedLater(this.event('complete').then(() => undefined)) };
  }

  /** The first event of this name, past or future, for which `accept` holds. */
  event(name: string, accept: (event: JsonObject) => boolean = () => true): Promise<JsonObject> {
    const select = (line: string): JsonObject | undefined => {
      const event = parseJsonObject(line);
      if (event?.['event'] === 'error') throw new Error(`our node: ${textField(event, 'message')}`);
      return event?.['event'] === name && accept(event) ? event : undefined;
    };
    return this.process.find(select, `event "${name}"`, this.#timeoutMs);
  }

  async stop(): Promise<void> {
    await this.#process?.stop();
  }

  /** Ends it as a crash would. */
  async crash(): Promise<void> {
    await this.process.kill();
  }

  async #start(command: readonly string[], peers: readonly PeerAddress[]): Promise<PeerAddress> {
    if (this.#process?.isRunning === true) throw new Error('our node runs already');
    const { host, stateFolder, namespace } = this.#site;
    const network = ['--bind', host, '--port', String(LISTEN_PORT)];
    const dialled = peers.flatMap((peer) => ['--peer', formatAddress(peer)]);
    const args = [...command, ...network, ...dialled, '--state-dir', join(stateFolder, 'state'), '--json'];
    const program = [ourNodeProgram(), ...args, ...this.#extraArgs];
    this.#process = ManagedProcess.start(process.execPath, program, { namespace, environment: this.#environment });
    const listening = await this.event('listening');
    return { host: textField(listening, 'host'), port: numberField(listening, 'port') };
  }
}

/** Makes a `.torrent` file with our own `create`. */
export async function createTorrent(path: string, torrentPath: string, pieceBytes: number): Promise<MadeTorrent> {
  const args = [ourNodeProgram(), 'create', path, '-o', torrentPath, '--piece-size', String(pieceBytes), '--json'];
  const creating = ManagedProcess.start(process.execPath, args);
  const infoHash = await creating.find((line) => {
    const event = parseJsonObject(line);
    return event?.['event'] === 'torrent' ? textField(event, 'infoHash') : undefined;
  }, 'event "torrent"');
  await creating.finish('create', EXCHANGE_TIMEOUT_MS);
  return { path: torrentPath, name: basename(path), infoHash };
}

/** The built node, as people run it; `P2P_PEER_PROGRAM` names the `main.cjs` of another build, to compare. */
export function ourNodeProgram(): string {
  return process.env['P2P_PEER_PROGRAM'] ?? createRequire(import.meta.url).resolve('@p2p/peer/dist/main.cjs');
}

/** Every client has an address of its own, so all may use the same port. */
const LISTEN_PORT = 6881;
