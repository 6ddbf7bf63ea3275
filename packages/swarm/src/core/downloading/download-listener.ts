import type { PieceIndex } from '@p2p/wire';

/** The parts of the swarm that what becomes of a piece concerns. */
export interface DownloadListener {
  completed(): void;
  /** The last blocks of a piece are coming in. */
  arriving(piece: PieceIndex): void;
  /** There is one piece more to pass on. */
  stored(piece: PieceIndex): void;
  /** All blocks of a piece came, and it is not there: it failed its hash, or the disk did. */
  missed(piece: PieceIndex): void;
  /** Whoever belongs to this scope (see `banScope`), connected or not, sent data that does not match its hash. */
  banned(scope: string): void;
}
