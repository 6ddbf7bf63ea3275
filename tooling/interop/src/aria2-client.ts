import { mkdir, readFile } from 'node:fs/promises';
import { createServer } from 'node:net';
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
import { asObject, parseJsonObject, textField, type JsonObject } from './json-event.js';
import { ManagedProcess } from './managed-process.js';

/** aria2c, driven by its JSON-RPC. It cannot be told a peer: whoever exchanges with it dials. */
export class Aria2Client implements ForeignClient {
  readonly name = 'aria2';
  readonly canDial = false;
  readonly createsEmptyFiles = true;

  readonly #site: ClientSite;
  #process: ManagedProcess | undefined;
  #rpcPort = 0;
  #address: PeerAddress;

  constructor(site: ClientSite) {
    if (site.namespace !== undefined) throw new Error('aria2 is driven over TCP: not from outside a namespace');
    this.#site = site;
    this.#address = { host: site.host, port: 0 };
  }

  async seed(torrent: TorrentFile, folder: string): Promise<PeerAddress> {
    await this.#start();
    await this.#complete(await this.#add({ kind: 'torrent', torrent }, folder));
    return this.#address;
  }

  async fetch(source: Source, folder: string, _peers: readonly PeerAddress[]): Promise<Fetching> {
    await this.#start();
    const id = await this.#add(source, folder);
    return { address: this.#address, completed: awaitedLater(this.#complete(id)) };
  }

  async stop(): Promise<void> {
    await this.#process?.kill(); // a polite end tells trackers, and takes seconds
  }

  async #start(): Promise<void> {
    await mkdir(this.#site.stateFolder, { recursive: true });
    this.#rpcPort = await freePort();
    this.#address = { host: this.#site.host, port: await freePort() };
    this.#process = ManagedProcess.start(
      'aria2c',
      [
        ...ARIA2_QUIET_ARGS,
        '--enable-rpc=true',
        `--rpc-listen-port=${this.#rpcPort}`,
        `--listen-port=${this.#address.port}`,
        '--check-integrity=true',
        `--dir=${this.#site.stateFolder}`,
      ],
      { cwd: this.#site.stateFolder },
    );
    const isServing = `listening on TCP port ${this.#rpcPort}`;
    await this.#process.find((line) => (line.includes(isServing) ? true : undefined), 'RPC server');
  }

  /** @returns aria2's id of the download */
  async #add(source: Source, folder: string): Promise<string> {
    await mkdir(folder, { recursive: true });
    const options = { dir: folder };
    const answer =
      source.kind === 'torrent'
        ? await this.#call('addTorrent', [(await readFile(source.torrent.path)).toString('base64'), [], options])
        : await this.#call('addUri', [[source.uri], options]);
    return textField(answer, 'result');
  }

  /** Fulfils when every piece is there. A magnet's metadata is a download of its own, followed by that of the content. */
  async #complete(id: string): Promise<void> {
    const deadline = performance.now() + EXCHANGE_TIMEOUT_MS;
    let current = id;
    for (;;) {
      const status = asObject((await this.#call('tellStatus', [current]))['result']);
      if (status['status'] === 'error') throw new Error(`aria2: ${textField(status, 'errorMessage')}`);
      if (status['seeder'] === 'true' && status['status'] === 'active' && isWhole(status)) return;
      const followedBy = status['followedBy'];
      if (Array.isArray(followedBy)) current = String(followedBy[0]);
      if (performance.now() > deadline) {
        throw new Error(`aria2 is not done: ${JSON.stringify(status)}\n${this.#process?.transcript ?? ''}`);
      }
      await sleep(POLL_MS);
    }
  }

  async #call(method: string, parameters: readonly unknown[]): Promise<JsonObject> {
    const response = await fetch(`http://127.0.0.1:${this.#rpcPort}/jsonrpc`, {
      method: 'POST',
      body: JSON.stringify({ jsonrpc: '2.0', id: 'p2p', method: `aria2.${method}`, params: parameters }),
    });
    const answer = parseJsonObject(await response.text());
    if (answer?.['result'] === undefined) throw new Error(`aria2 refuses ${method}: ${JSON.stringify(answer)}`);
    return answer;
  }
}

/** Everything but plain TCP to peers is off, and sharing goes on until it is stopped. */
export const ARIA2_QUIET_ARGS: readonly string[] = [
  '--no-conf=true',
  '--disable-ipv6=true',
  '--enable-dht=false',
  '--enable-dht6=false',
  '--bt-enable-lpd=false',
  '--enable-peer-exchange=true',
  '--bt-require-crypto=false',
  '--bt-min-crypto-level=plain',
  '--seed-ratio=0.0',
  '--file-allocation=none',
  '--no-proxy=*',
];

function isWhole(status: JsonObject): boolean {
  return status['completedLength'] === status['totalLength'] && status['verifiedLength'] === undefined;
}

/** aria2 listens on every address of the machine, so its ports must be its own. */
async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (typeof address !== 'object' || address === null) throw new Error('the system gave no port');
  return address.port;
}

const POLL_MS = 100;
