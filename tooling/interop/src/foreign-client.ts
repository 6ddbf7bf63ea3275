import type { NetworkNamespace } from './network-namespace.js';

/** Where a peer listens. */
export interface PeerAddress {
  readonly host: string;
  readonly port: number;
}

/** A `.torrent` file on disk, and what one needs to know of it. */
export interface TorrentFile {
  readonly path: string;
  /** The content lies at `folder/name`. */
  readonly name: string;
}

export type Source =
  { readonly kind: 'torrent'; readonly torrent: TorrentFile } | { readonly kind: 'magnet'; readonly uri: string };

/** A download that has begun. */
export interface Fetching {
  /** Where the downloading client listens meanwhile. */
  readonly address: PeerAddress;
  /** Fulfils when every piece is there and verified; rejects when the client gives up, ends, or takes too long. */
  readonly completed: Promise<void>;
}

/** Where a client lives: its own address, its own folder for settings. */
export interface ClientSite {
  readonly host: string;
  readonly stateFolder: string;
  readonly namespace?: NetworkNamespace | undefined;
}

/** One BitTorrent program, driven as a person would drive it. One instance is one process, doing one thing. */
export interface ForeignClient {
  readonly name: string;
  /** Whether it can be told a peer's address. One that cannot must be dialled by whoever has the file. */
  readonly canDial: boolean;
  /** Whether a file without bytes comes to be on disk. */
  readonly createsEmptyFiles: boolean;
  /** Shares `folder/torrent.name`, which is complete; fulfils when the client serves it. */
  seed(torrent: TorrentFile, folder: string): Promise<PeerAddress>;
  /** Downloads into `folder`; fulfils when the client listens. */
  fetch(source: Source, folder: string, peers: readonly PeerAddress[]): Promise<Fetching>;
  /** Leaves no process behind. May be called at any time, and again. */
  stop(): Promise<void>;
}

/** Longest wait for one small exchange. Transmission alone lets 14 s pass before its first block. */
export const EXCHANGE_TIMEOUT_MS = 150_000;

export function formatAddress(address: PeerAddress): string {
  return `${address.host}:${address.port}`;
}

/**
 * Keeps a rejection that nobody awaits yet from ending the process; whoever awaits `promise` still sees it.
 */
export function awaitedLater<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => undefined);
  return promise;
}
