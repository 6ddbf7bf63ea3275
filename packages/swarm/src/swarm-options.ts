import {
  CHOKER_RULES,
  type ChokerRule,
  SEED_CHOKER_RULES,
  type SeedChokerRule,
} from './core/uploading/choking/choker-rules.js';

/** Choices of a node and its swarms. Sizes are bytes, times milliseconds, rates bytes per second. */
export interface SwarmOptions {
  /** Name and version told to peers (BEP 10, `v`). */
  readonly clientName: string;
  /** Connections of one swarm, both directions together; 1 to 10,000. rqbit takes 128, libtorrent 200. */
  readonly maxPeers: number;
  /**
   * We dial while fewer than this many peers are connected, in haste while there are fewer than half as many. Of more than
   * half as many again the least wanted are let go, so that newcomers find places; `maxPeers` is for rushes.
   */
  readonly targetPeers: number;
  /** Addresses of one swarm that are remembered; 8 to 100,000. Some 400 bytes each; libtorrent has 3,000. */
  readonly maxKnownAddresses: number;
  /** Dials of one swarm that are under way at once; 1 to 1,000. libtorrent's burst is 30. */
  readonly maxDialing: number;
  /** Peers we upload to at once, the optimistic one included; 1 to 1,000. libtorrent has 8. */
  readonly uploadSlots: number;
  /** Unanswered requests we accept from one peer (BEP 10, `reqq`); more are rejected. libtorrent and Transmission say 2000. */
  readonly requestQueueLimit: number;
  /**
   * Requests in flight to one peer before anything is known of it; the window then doubles per round trip while the rate
   * grows. Deep at once would promise a slow seeder the same pieces many times: with 64 a swarm of ten took 5.7 copies
   * of a small file from it, with 8 it took 3.3 and was done sooner (virtual time, 1 MB/s each). 4 are a piece of 64 KiB.
   */
  readonly initialRequests: number;
  /**
   * Requests in flight to one peer at the most, however far and fast it is. 763 blocks of 16 KiB are what 1 Gbit/s holds at 100 ms
   * of round trip; the window is half as much again.
   */
  readonly maxRequests: number;
  /** Bytes of pieces begun but not yet stored, over all peers; one piece is always allowed. */
  readonly maxUnverifiedBytes: number;
  /** Bytes handed to one connection and not yet on the network, above which no further block is read for it. */
  readonly maxSendBufferBytes: number;
  /** Upload limit of one swarm; Infinity for none. Protocol bytes are not counted. */
  readonly uploadBytesPerSecond: number;
  /** Download limit of one swarm; Infinity for none. Requests are held back, sockets are not. */
  readonly downloadBytesPerSecond: number;
  /** `sequential` asks for pieces in order: for people who watch while they fetch; it serves the swarm badly. */
  readonly order: 'rarest-first' | 'sequential';
  /** Silence after which a keep-alive is sent (BEP 3: about two minutes; others use 55 to 100 s). */
  readonly keepAliveMs: number;
  /** Silence after which a peer is dropped. libtorrent: 120 s. */
  readonly idleTimeoutMs: number;
  /** From the connection to the end of the handshake. */
  readonly handshakeTimeoutMs: number;
  /** Who may download from us while we need something ourselves; the README compares the rules. */
  readonly choker: ChokerRule;
  /** Who may download from us once we have everything. */
  readonly seedChoker: SeedChokerRule;
  /** Between two rounds of the choker (BEP 3: 10 s). */
  readonly chokeRoundMs: number;
  /** Between two moves of the optimistic slot (BEP 3: 30 s). */
  readonly optimisticMs: number;
  /** Pause after storage failed (disk full, say) before pieces are asked for again. libtorrent waits 600 s. */
  readonly storageRetryMs: number;
}

export const DEFAULT_SWARM_OPTIONS: SwarmOptions = Object.freeze({
  clientName: 'p2p 0.1.0',
  maxPeers: 200,
  targetPeers: 40,
  maxKnownAddresses: 1_000,
  maxDialing: 30,
  uploadSlots: 8,
  requestQueueLimit: 2000,
  initialRequests: 4,
  maxRequests: 2000,
  maxUnverifiedBytes: 32 * 1024 * 1024,
  maxSendBufferBytes: 512 * 1024,
  uploadBytesPerSecond: Infinity,
  downloadBytesPerSecond: Infinity,
  order: 'rarest-first',
  keepAliveMs: 60_000,
  idleTimeoutMs: 130_000,
  handshakeTimeoutMs: 10_000,
  choker: 'rate-based',
  seedChoker: 'round-robin',
  chokeRoundMs: 10_000,
  optimisticMs: 30_000,
  storageRetryMs: 60_000,
});

/** What every option that is a choice can be. */
const CHOICES = {
  order: ['rarest-first', 'sequential'],
  choker: CHOKER_RULES,
  seedChoker: SEED_CHOKER_RULES,
} as const satisfies Partial<Record<keyof SwarmOptions, readonly string[]>>;

/** Bounds of every numeric option: least and greatest value. */
const BOUNDS: Readonly<
  Record<Exclude<keyof SwarmOptions, 'clientName' | keyof typeof CHOICES>, readonly [number, number]>
> = {
  maxPeers: [1, 10_000],
  targetPeers: [1, 10_000],
  maxKnownAddresses: [8, 100_000],
  maxDialing: [1, 1_000],
  uploadSlots: [1, 1_000],
  requestQueueLimit: [1, 100_000],
  initialRequests: [1, 100_000],
  maxRequests: [1, 100_000],
  maxUnverifiedBytes: [16_384, 2 ** 40],
  maxSendBufferBytes: [16_384, 2 ** 30],
  uploadBytesPerSecond: [1, Infinity],
  downloadBytesPerSecond: [1, Infinity],
  keepAliveMs: [1_000, 600_000],
  idleTimeoutMs: [1_000, 3_600_000],
  handshakeTimeoutMs: [100, 600_000],
  chokeRoundMs: [100, 600_000],
  optimisticMs: [100, 3_600_000],
  storageRetryMs: [100, 3_600_000],
};

/**
 * Completes and checks options.
 *
 * @throws {TypeError} for an unknown name or a value of the wrong kind
 * @throws {RangeError} for a value out of bounds; the message names the option, the bounds and what was found
 */
export function resolveSwarmOptions(input: Partial<SwarmOptions> = {}): SwarmOptions {
  for (const name of Object.keys(input)) {
    if (!Object.hasOwn(DEFAULT_SWARM_OPTIONS, name)) {
      throw new TypeError(`unknown swarm option "${name}"; known are ${Object.keys(DEFAULT_SWARM_OPTIONS).join(', ')}`);
    }
  }
  const options: SwarmOptions = { ...DEFAULT_SWARM_OPTIONS, ...input };
  for (const [name, [least, greatest]] of Object.entries(BOUNDS)) {
    const value: unknown = Reflect.get(options, name);
    if (typeof value !== 'number' || Number.isNaN(value)) {
      throw new TypeError(`swarm option "${name}" expected a number, got ${String(value)}`);
    }
    if (value < least || value > greatest) {
      throw new RangeError(
        `swarm option "${name}" expected ${String(least)} to ${String(greatest)}, got ${String(value)}`,
      );
    }
  }
  for (const [name, known] of Object.entries(CHOICES)) {
    const value: unknown = Reflect.get(options, name);
    if (!known.some((choice) => choice === value)) {
      throw new TypeError(`swarm option "${name}" expected one of ${known.join(', ')}, got "${String(value)}"`);
    }
  }
  return Object.freeze(options);
}
