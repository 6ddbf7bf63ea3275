import type { StallReason } from './stall.js';

/**
 * What a running node reports. Sizes are bytes, times seconds, rates bytes per second.
 *
 * The kinds and their fields are those of the `--json` lines (see the README), but for `checking`, `waiting` and the field `stall`,
 * which only people are shown; `status` only programs are; `torrent` and `file` are results of the metainfo tools. Names are as their authors wrote them: a view makes them safe to print.
 */
export type NodeEvent =
  | { readonly kind: 'listening'; readonly host: string; readonly port: number; readonly peerId: string }
  | SharingEvent
  | MetadataEvent
  | { readonly kind: 'checking'; readonly name: string; readonly bytes: number; readonly total: number }
  | WaitingEvent
  | ProgressEvent
  | PeerEvent
  | CompleteEvent
  | VerifiedEvent
  | { readonly kind: 'seeding'; readonly infoHash: string }
  | StatusEvent
  | TorrentEvent
  | { readonly kind: 'file'; readonly path: string; readonly length: number }
  | { readonly kind: 'error'; readonly code: string; readonly message: string };

/** A file or folder that others can fetch now. `infoHash` is hex. */
export interface SharingEvent {
  readonly kind: 'sharing';
  readonly name: string;
  readonly length: number;
  readonly infoHash: string;
  readonly magnet: string;
}

/** The list of pieces is known. */
export interface MetadataEvent {
  readonly kind: 'metadata';
  readonly name: string;
  readonly length: number;
  readonly pieceLength: number;
  readonly pieces: number;
  readonly infoHash: string;
}

/** The list of pieces is not known yet. */
export interface WaitingEvent {
  readonly kind: 'waiting';
  readonly peers: number;
  /** Present when this has lasted for a while. */
  readonly stall?: StallReason;
}

/** How far the node is, over all it shares and fetches. */
export interface ProgressEvent {
  readonly kind: 'progress';
  readonly bytes: number;
  readonly total: number;
  readonly downRate: number;
  readonly upRate: number;
  readonly peers: number;
  /** Present when nothing has arrived for a while although something is missing. */
  readonly stall?: StallReason;
}

/** A session with a peer began or ended; `reason` is there when it ended. */
export type PeerEvent =
  | { readonly kind: 'peer'; readonly state: 'connected'; readonly address: string; readonly client: string }
  | {
      readonly kind: 'peer';
      readonly state: 'closed';
      readonly address: string;
      readonly client: string;
      readonly reason: string;
    };

/**
 * Every piece was verified and is on disk. `sha1` (hex) is what the metainfo says of the whole; where it says nothing, it
 * was computed from the disk.
 */
export interface CompleteEvent {
  readonly kind: 'complete';
  readonly path: string;
  readonly length: number;
  readonly sha1: string;
  readonly seconds: number;
  readonly bytesPerSecond: number;
}

/** The whole was read back from the disk, and its SHA-1 (hex) is the one that the metainfo says. */
export interface VerifiedEvent {
  readonly kind: 'verified';
  readonly path: string;
  readonly length: number;
  readonly sha1: string;
}

/** What a node has moved in all, told when it leaves. Bytes of payload. */
export interface StatusEvent {
  readonly kind: 'status';
  readonly uploaded: number;
  readonly downloaded: number;
  /** Received and of no use: duplicates, blocks that came too late, corrupt pieces. */
  readonly wasted: number;
  /** The part of `wasted` that failed its hash. */
  readonly corrupt: number;
}

/** What metainfo or a magnet link says, as far as it does: null where it does not. Hashes are hex. */
export interface TorrentEvent {
  readonly kind: 'torrent';
  readonly infoHash: string;
  readonly magnet: string;
  readonly name: string | null;
  readonly length: number | null;
  readonly sha1: string | null;
  readonly private: boolean | null;
  readonly peers: readonly string[];
}
