import type { CommandContext } from '@p2p/cli';
import { CliError } from '@p2p/cli';
import { type PieceStore, StorageError, type StorageErrorCode } from '@p2p/storage';
import {
  type CodedError,
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
  readonly #lost = new Deferred<never>();
  #store: PieceStore | undefined;
  /** Files are something else than they were: they are being verified, or lost. */
  #isInDoubt = false;
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

  /** Rejects when what is shared is not there any more, or something else by now: `not-found`, `changed`. Never resolves. */
  get lost(): Promise<never> {
    return this.#lost.promise;
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
        this.#handleFailure(event.error);
    }
  }

  #handleFailure(error: CodedError): void {
    // All that cannot be read of what is being verified, or is lost, has one reason, and that was told.
    if (this.#isInDoubt) return;
    if (error instanceof StorageError && this.#isLoss(error)) void this.#verify(error);
    else this.#reportFailure(error);
  }

  /** Only of what is complete: the end of a download finds out by itself. */
  #isLoss({ code }: StorageError): boolean {
    return this.status.isSeeding && LOSSES.has(code);
  }

  /** Somebody had a hand in the files. One that was only touched, or put back, is still what it was. */
  async #verify(fault: StorageError): Promise<void> {
    this.#isInDoubt = true;
    this.#context.log('warn', `${fault.message}; what is there is verified`);
    if (await this.#isStillWhole()) {
      this.#isInDoubt = false;
      this.#isDiskFailing = false;
      this.#context.log('info', 'every piece is still right; it is shared on');
    } else if (!this.#context.signal.aborted) this.#lost.reject(lossOf(fault));
  }

  async #isStillWhole(): Promise<boolean> {
    try {
      return (await this.#store?.verifyAll({ signal: this.#context.signal }))?.isFull === true;
    } catch {
      // Aborted, or what is there cannot even be read.
      return false;
    }
  }

  /** A disk that fails does so for every block: once in a while is enough. */
  #reportFailure({ code, message }: CodedError): void {
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

function lossOf({ code, message, path }: StorageError): StorageError {
  return new StorageError(code, `${message}; it cannot be shared any more as it was`, { path });
}

/** What another hand does to files; anything else that a disk says may pass. */
const LOSSES: ReadonlySet<StorageErrorCode> = new Set(['changed', 'not-found', 'not-a-file', 'unsafe-path']);
const FAILURE_INTERVAL_MS = 30_000;
