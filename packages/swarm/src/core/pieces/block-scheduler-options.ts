/** Choices of a `BlockScheduler`. */
export interface BlockSchedulerOptions {
  readonly order: 'rarest-first' | 'sequential';
  /** Bytes of pieces begun but not stored, above which a peer may begin a piece only if it has none going. */
  readonly maxUnverifiedBytes: number;
}
