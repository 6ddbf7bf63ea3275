import type { Magnet, PeerAddress } from '@p2p/wire';

import type { LogLevel } from './log-level.js';
import type { CompleteEvent, MetadataEvent, NodeEvent, SharingEvent } from './node-event.js';

/**
 * What the command line can order: the port behind which sockets and files are. `apps/peer` provides it, tests fake it.
 *
 * Every method settles when its work is done, or soon after `context.signal` is aborted, with all state saved. It
 * rejects with an error whose `code` is a short word and whose message a person can act on.
 */
export interface Runtime {
  /** Shares files and folders until stopped. */
  share(request: ShareRequest, context: CommandContext): Promise<void>;
  /** Fetches one file or folder, then shares it until a condition of the request holds, or until stopped. */
  get(request: GetRequest, context: CommandContext): Promise<void>;
  /** One file by its path: shares it if it is there, fetches it from a peer if it is not. */
  file(request: FileRequest, context: CommandContext): Promise<void>;
  /** Asks a peer what it shares. */
  list(request: ListRequest, context: CommandContext): Promise<readonly SharingEvent[]>;
  /** Writes a .torrent file. */
  create(request: CreateRequest, context: CommandContext): Promise<TorrentSummary>;
  /** Reads a .torrent file or a magnet link. */
  info(source: TorrentSource, context: CommandContext): Promise<TorrentSummary>;
  /** Compares content with its metainfo. */
  verify(request: VerifyRequest, context: CommandContext): Promise<VerifyReport>;
}

/** What a running command may use. */
export interface CommandContext {
  readonly emit: (event: NodeEvent) => void;
  /** A diagnostic for people. */
  readonly log: (level: LogLevel, message: string) => void;
  /** Aborted when the command must come to its end. */
  readonly signal: AbortSignal;
}

/** Choices of the node that every command with a network shares. Rates are bytes per second, absent for no limit. */
export interface NodeSettings {
  readonly port: number;
  readonly bind?: string;
  readonly peers: readonly PeerAddress[];
  readonly uploadBytesPerSecond?: number;
  readonly downloadBytesPerSecond?: number;
  readonly maxPeers?: number;
  /** Whether peers who ask what we share are told. */
  readonly isListed: boolean;
  readonly stateDir?: string;
}

export interface ShareRequest extends NodeSettings {
  readonly paths: readonly string[];
  readonly pieceBytes?: number;
  readonly torrentOut?: string;
}

/** A .torrent file or a magnet link. */
export type TorrentSource =
  { readonly kind: 'magnet'; readonly magnet: Magnet } | { readonly kind: 'torrentFile'; readonly path: string };

/** Where a download is described: metainfo, or a peer to be asked what it shares. */
export type Source = TorrentSource | { readonly kind: 'address'; readonly address: PeerAddress };

/** When to leave after completion. None of them: keep sharing. */
export interface SeedLimits {
  readonly exitWhenComplete: boolean;
  /** Bytes uploaded as a multiple of the content's length. */
  readonly seedRatio?: number;
  readonly seedSeconds?: number;
}

export interface GetRequest extends NodeSettings, SeedLimits {
  readonly source: Source;
  /** The folder that receives the file or folder. */
  readonly out: string;
  readonly isSequential: boolean;
  /** Replace a file that is in the way. */
  readonly overwrite: boolean;
}

export interface FileRequest extends NodeSettings {
  readonly path: string;
  readonly pieceBytes?: number;
}

export interface ListRequest {
  readonly address: PeerAddress;
  readonly bind?: string;
}

export interface CreateRequest {
  readonly path: string;
  readonly out: string;
  readonly pieceBytes?: number;
  readonly name?: string;
  readonly isPrivate: boolean;
  /** Replace `out` if it exists. */
  readonly overwrite: boolean;
}

/** What metainfo says. From a magnet link only what it carries. Hashes are hex. */
export interface TorrentSummary {
  readonly infoHash: string;
  readonly magnet: string;
  readonly name?: string;
  readonly length?: number;
  readonly metadata?: MetadataEvent;
  readonly isPrivate?: boolean;
  readonly sha1?: string;
  readonly files: readonly { readonly path: string; readonly length: number }[];
  readonly peers: readonly PeerAddress[];
}

export interface VerifyRequest {
  readonly torrentPath: string;
  readonly path: string;
}

export interface VerifyReport {
  readonly pieceCount: number;
  /** Pieces that are missing or differ, ascending. */
  readonly badPieces: readonly number[];
  /** Files that are not as they should be, and in a few words why. */
  readonly badFiles: readonly { readonly path: string; readonly reason: string }[];
  /** Present if everything is right. */
  readonly complete?: CompleteEvent;
}
