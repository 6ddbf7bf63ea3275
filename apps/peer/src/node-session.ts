import type { CommandContext, NodeSettings } from '@p2p/cli';
import { CliError } from '@p2p/cli';
import { type PieceStore, StorageWorker } from '@p2p/storage';
import { type NodePorts, PeerNode, SwarmError, type SwarmStatus, type Torrent } from '@p2p/swarm';
import { type PeerAddress, toHex } from '@p2p/wire';

import { advertisedAddress } from './addresses.js';
import { Deferred } from './deferred.js';
import { HostedSwarm } from './hosted-swarm.js';
import { ProgressReporter } from './progress-reporter.js';
import type { StateFolder } from './state-folder.js';
import { swarmOptions } from './swarm-options.js';

/** What a session is made from. */
export interface SessionParts {
  readonly ports: NodePorts;
  readonly settings: NodeSettings;
  readonly state: StateFolder;
  readonly context: CommandContext;
  /** Swarms among which the limits of rate are divided. */
  readonly swarmCount: number;
}

/** A torrent for the node; its content follows apart, for its store must be closed. */
export type HostedTorrent = Omit<Torrent, 'content' | 'isListed'>;

/** A node that listens, from its first to its last moment: the swarms in it, their stores, and what is remembered. */
export class NodeSession {
  /** Where it listens, as others can dial it. */
  readonly address: PeerAddress;
  readonly node: PeerNode;
  /** The thread for hashing and writing that all stores share. */
  readonly worker = new StorageWorker();
  readonly #parts: SessionParts;
  readonly #swarms: HostedSwarm[] = [];
  /** Stores that are being closed, or are. */
  readonly #dropped: Promise<void>[] = [];
  readonly #reporter: ProgressReporter;
  readonly #saveTimer: NodeJS.Timeout;

  /** Opens the port and says so. @throws {CliError} `failed` if the port is taken, or cannot be had */
  static async open(parts: SessionParts): Promise<NodeSession> {
    const node = new PeerNode(parts.ports, swarmOptions(parts.settings, parts.swarmCount));
    const listening = await listen(node, parts.settings);
    const peerId = toHex(node.peerId);
    parts.context.emit({ kind: 'listening', host: listening.host, port: listening.port, peerId });
    return new NodeSession(node, parts, advertisedAddress(listening));
  }

  private constructor(node: PeerNode, parts: SessionParts, address: PeerAddress) {
    this.node = node;
    this.address = address;
    this.#parts = parts;
    this.#reporter = new ProgressReporter(this.#swarms, parts.context);
    this.#saveTimer = setInterval(() => void this.#savePeers(), SAVE_PEERS_MS);
  }

  /**
   * Adds a torrent; peers known from earlier runs are tried too.
   *
   * @param store of the content, if it is known already; it is closed with the session
   */
  async host(torrent: HostedTorrent, store?: PieceStore): Promise<HostedSwarm> {
    const { settings, state, context } = this.#parts;
    const remembered = await state.readPeers(torrent.infoHash);
    const hosted = new HostedSwarm(this.node, { ...torrent, isListed: settings.isListed }, context);
    this.#swarms.push(hosted);
    // At once, so that no peer ever meets the swarm without its content.
    if (store !== undefined) hosted.attach(store);
    if (remembered.length > 0) hosted.swarm.addPeers(remembered, 'cache');
    return hosted;
  }

  /** Stops sharing one torrent; the others go on. Its store is closed by the end of the session. */
  drop(hosted: HostedSwarm): void {
    this.#swarms.splice(this.#swarms.indexOf(hosted), 1);
    const stopped = new Promise<void>((resolve) => {
      this.node.removeSwarm(hosted.swarm, resolve);
    });
    const dropped = stopped.then(() => hosted.close());
    dropped.catch(() => undefined); // nothing was written to what was only shared: nothing can be lost with it
    this.#dropped.push(dropped);
  }

  /** Tells the progress now, out of turn. */
  reportProgress(): void {
    this.#reporter.report();
  }

  /** Remembers peers, closes connections, then what lies on the disk is synced and marked as whole. */
  async close(): Promise<void> {
    clearInterval(this.#saveTimer);
    this.#reporter.stop();
    await this.#savePeers();
    this.#emitStatus();
    await new Promise<void>((resolve) => {
      this.node.stop(resolve);
    });
    for (const hosted of this.#swarms) await hosted.close();
    await Promise.allSettled(this.#dropped);
    await this.worker.close();
  }

  #emitStatus(): void {
    const statuses = this.#swarms.map((hosted) => hosted.status);
    const sum = (of: (status: SwarmStatus) => number) => statuses.reduce((total, status) => total + of(status), 0);
    this.#parts.context.emit({
      kind: 'status',
      uploaded: sum((status) => status.uploadedBytes),
      downloaded: sum((status) => status.downloadedBytes),
      wasted: sum((status) => status.wastedBytes),
      corrupt: sum((status) => status.corruptBytes),
    });
  }

  async #savePeers(): Promise<void> {
    const { state, context } = this.#parts;
    try {
      for (const { swarm } of this.#swarms) {
        const peers = swarm.knownPeers();
        if (peers.length > 0) await state.savePeers(swarm.infoHash, peers);
      }
    } catch (error) {
      // They only make the next start quicker.
      context.log('debug', `cannot remember peers: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
}

/** Listens where the settings say; by default everywhere, over IPv6 and IPv4, or IPv4 alone where there is no IPv6. */
async function listen(node: PeerNode, { bind, port }: NodeSettings): Promise<PeerAddress> {
  if (bind !== undefined) return listenAt(node, { host: bind, port });
  try {
    return await listenAt(node, { host: '::', port });
  } catch (error) {
    if (!(error instanceof SwarmError) || error.code !== 'listen-failed') throw error;
    return await listenAt(node, { host: '0.0.0.0', port });
  }
}

async function listenAt(node: PeerNode, address: PeerAddress): Promise<PeerAddress> {
  const listening = new Deferred<PeerAddress>();
  node.listen(address, (result) => {
    if (result.kind === 'listening') listening.resolve(result.address);
    else listening.reject(portError(result.error, address.port));
  });
  return listening.promise;
}

function portError(error: SwarmError, port: number): Error {
  if (error.code !== 'port-taken') return error;
  const message = `port ${port} is taken by another process; choose one with --port, or 0 for any`;
  return new CliError('port-taken', message, { cause: error });
}

const SAVE_PEERS_MS = 60_000;
