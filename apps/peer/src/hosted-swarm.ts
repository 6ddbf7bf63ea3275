import type { CommandContext } from '@p2p/cli';
import { CliError } from '@p2p/cli';
import type { PieceStore } from '@p2p/storage';
import {
  describeCloseReason,
  type PeerNode,
  type Swarm,
  type SwarmEvent,
  type SwarmStatus,
  type Torrent,
} from '@p2p/swarm';
import { formatPeerAddress, type Metainfo } from '@p2p/wire';

import { Deferred } from './deferred.js';

/** One torrent of a running node: its swarm, its store once there is one, and what has become of it. */
export class HostedSwarm {
  readonly swarm: Swarm;
  readonly #context: CommandContext;
  readonly #metainfo = new Deferred<Metainfo>();
  readonly #complete = new Deferred<void>();
  #store: PieceStore | undefined;
  #isDiskFailing = false;
  /** A ban follows its piece at once; who connects later and is turned away was told of before, and has another port now. */
  #isPieceBlamed = false;
  #lastFailure: { readonly message: string; readonly atMs: number } | undefined;

  constructor(node: PeerNode, torrent: Torrent, context: CommandContext) {
    this.#context = context;
    this.swarm = node.addSwarm(torrent, (event) => {
      this.#handle(event);
    });
  }

  /** The metadata as a peer sent it; rejects if it makes no sense. */
  get metainfoFromPeers(): Promise<Metainfo> {
    return this.#metainfo.promise;
  }

  /** Resolves when the last piece is stored. */
  get complete(): Promise<void> {
    return this.#complete.promise;
  }

  /** Whether storage has failed since the last piece was stored. */
  get isDiskFailing(): boolean {
    return this.#isDiskFailing;
  }

  get status(): SwarmStatus {
    return this.swarm.status();
  }

  /** Gives the swarm its content; the store is closed with `close`. */
  attach(store: PieceStore): void {
    this.#store = store;
    const have = store.have();
    if (have.isFull) this.#complete.resolve();
    this.swarm.attachStorage(store.metainfo, store, have);
  }

  /** Call when the swarm has stopped: only then its storage is idle. */
  async close(): Promise<void> {
    await this.#store?.close();
  }

  #handle(event: SwarmEvent): void {
    switch (event.kind) {
      case 'metadata':
        this.#metainfo.resolve(event.metainfo);
        return;
      case 'metadataInvalid':
        this.#metainfo.reject(invalidMetadata(event.error));
        return;
      case 'peerConnected': {
        this.#isPieceBlamed = false;
        const { client } = event;
        this.#context.emit({ kind: 'peer', state: 'connected', address: formatPeerAddress(event.address), client });
        return;
      }
      case 'peerClosed': {
        const { client } = event;
        const address = formatPeerAddress(event.address);
        const reason = describeCloseReason(event.reason);
        this.#context.emit({ kind: 'peer', state: 'closed', address, client, reason });
        if (event.reason.code === 'banned' && this.#isPieceBlamed) {
          this.#context.log('warn', `${address} sent corrupt data and is not asked any more`);
        }
        return;
      }
      case 'pieceStored':
        this.#isDiskFailing = false;
        return;
      case 'pieceCorrupt':
        this.#isPieceBlamed = true;
        this.#context.log('debug', `piece ${event.piece} arrived corrupt; it is fetched again`);
        return;
      case 'complete':
        this.#complete.resolve();
        return;
      case 'storageFailed':
        this.#isDiskFailing = true;
        this.#reportFailure(event.error);
    }
  }

  /** A disk that fails does so for every block: once in a while is enough. */
  #reportFailure({ code, message }: { readonly code: string; readonly message: string }): void {
    const nowMs = performance.now();
    const last = this.#lastFailure;
    if (last?.message === message && nowMs - last.atMs < FAILURE_INTERVAL_MS) return;
    this.#lastFailure = { message, atMs: nowMs };
    this.#context.emit({ kind: 'error', code, message });
  }
}

function invalidMetadata(error: { readonly message: string }): CliError {
  return new CliError(
    'failed',
    `the list of pieces is what the link promises, but makes no sense (${error.message}); ask whoever made it for another`,
  );
}

const FAILURE_INTERVAL_MS = 30_000;
