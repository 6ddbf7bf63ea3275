import { SimError } from '../sim-error.js';
import { MAX_NODES } from './address-plan.js';

/** What a run of real local processes is made of. */
export interface RunOptions {
  /** All nodes together, seeders included. 2 to 500. */
  readonly nodeCount: number;
  /** How many of them have the file at the start. 1 to `nodeCount` - 1. Default 1. */
  readonly seederCount: number;
  /** Length of the shared file in bytes. 1 to 1 TiB. */
  readonly lengthBytes: number;
  /** Bytes of a piece; default: the node's own choice for this length. */
  readonly pieceLengthBytes: number | undefined;
  /** Default true: every node is told the first seeder's address and no other. False: also all that listen already. */
  readonly isBootstrapOnly: boolean;
  /** What each node may send, in bytes per second. Default: unlimited. */
  readonly uploadBytesPerSecond: number | undefined;
  /** What each node may receive, in bytes per second. Default: unlimited. */
  readonly downloadBytesPerSecond: number | undefined;
  /** The file's content depends on this alone. Default 1. */
  readonly seed: number;
  /** Leaves the folder with all copies in place. Default false. */
  readonly keepsFiles: boolean;
  /** Existing folder to work in. Default: memory if all copies fit there, else the system's temporary folder. */
  readonly workFolder: string | undefined;
  /** Time between the starts of two nodes, in milliseconds: enough that they do not all load at one instant. Default 20. */
  readonly startIntervalMs: number;
  /** A run in which nothing happens for this long is given up. Default 60 s. */
  readonly stallTimeoutMs: number;
}

/** Everything a caller may leave out. */
export const DEFAULT_RUN_OPTIONS = Object.freeze({
  seederCount: 1,
  pieceLengthBytes: undefined,
  isBootstrapOnly: true,
  uploadBytesPerSecond: undefined,
  downloadBytesPerSecond: undefined,
  seed: 1,
  keepsFiles: false,
  workFolder: undefined,
  startIntervalMs: 20,
  stallTimeoutMs: 60_000,
} satisfies Omit<RunOptions, 'nodeCount' | 'lengthBytes'>);

/**
 * Completes and checks the options of a run.
 *
 * @throws {SimError} `bad-option`, naming the option as it is typed
 */
export function resolveRunOptions(
  input: Pick<RunOptions, 'nodeCount' | 'lengthBytes'> & Partial<RunOptions>,
): RunOptions {
  const options = { ...DEFAULT_RUN_OPTIONS, ...input };
  requireInteger('--peers', options.nodeCount, { min: 2, max: MAX_NODES });
  requireInteger('--seeders', options.seederCount, {
    min: 1,
    max: options.nodeCount - 1,
    because: 'one less than --peers',
  });
  requireInteger('--size', options.lengthBytes, { min: 1, max: MAX_LENGTH_BYTES });
  requireInteger('--seed', options.seed, { min: 0, max: MAX_SEED });
  if (options.pieceLengthBytes !== undefined) {
    requireInteger('--piece-size', options.pieceLengthBytes, { min: MIN_PIECE_BYTES, max: MAX_PIECE_BYTES });
  }
  for (const [name, rate] of [
    ['--limit-up', options.uploadBytesPerSecond],
    ['--limit-down', options.downloadBytesPerSecond],
  ] as const) {
    if (rate !== undefined) requireInteger(name, rate, { min: 1, max: Number.MAX_SAFE_INTEGER });
  }
  return options;
}

function requireInteger(name: string, value: number, bounds: { min: number; max: number; because?: string }): void {
  const { min, max, because } = bounds;
  if (Number.isInteger(value) && value >= min && value <= max) return;
  const most = because === undefined ? String(max) : `${max} (${because})`;
  throw new SimError('bad-option', `${name}: expected a whole number from ${min} to ${most}, got ${value}`);
}

const MAX_LENGTH_BYTES = 2 ** 40;
const MAX_SEED = 2 ** 32 - 1;
/** One block (BEP 3): a smaller piece would be a single short request. */
const MIN_PIECE_BYTES = 16_384;
/** What the node takes at most. */
const MAX_PIECE_BYTES = 64 * 2 ** 20;
