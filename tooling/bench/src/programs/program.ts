import type { PeerAddress, TorrentFile } from '@p2p/interop';

/** What is to be copied. */
export interface Job {
  /** Holds `torrent.name`, complete. */
  readonly sourceFolder: string;
  readonly torrent: TorrentFile;
  readonly byteCount: number;
  readonly pieceBytes: number;
}

/** Where a process of a program lives: an address of its own, and an empty folder for its settings. */
export interface Site {
  readonly host: string;
  readonly stateFolder: string;
}

/** A process that is being measured. */
export interface Running {
  readonly pid: number;
  readonly address: PeerAddress;
  stop(): Promise<void>;
}

export interface Leeching extends Running {
  /** Fulfils when every piece is there and verified. */
  readonly completed: Promise<void>;
}

/** A program that can be measured. */
export interface Program {
  /** As in `--against`, and in the table. */
  readonly name: ProgramName;
  /** Whether a leecher can be told the seeder's address, which the case `swarm` needs. */
  readonly canDial: boolean;
  /** Fulfils when the content can be fetched from it. */
  seed(job: Job, site: Site): Promise<Running>;
  /** Starts the process, here and now; everything up to `completed` is on the clock. */
  leech(job: Job, site: Site, folder: string, seeder: PeerAddress): Promise<Leeching>;
  /** Fetches, verifies and leaves: from before the process starts until it has ended. Only programs that can. */
  fetchAndLeave?(job: Job, site: Site, folder: string, seeder: PeerAddress): Promise<void>;
}

export const PROGRAM_NAMES = [
  'ours',
  'libtorrent',
  'libtorrent-tuned',
  'rtorrent',
  'aria2',
  'transmission',
  'webtorrent',
  'node-loop',
] as const;

export type ProgramName = (typeof PROGRAM_NAMES)[number];

/** Nothing that is measured takes longer; what does has stopped. */
export const LONGEST_RUN_MS = 300_000;
