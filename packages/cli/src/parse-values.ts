import { CliError } from './cli-error.js';

/**
 * Reads a size: `65536`, `64K`, `256KiB`, `1.5MiB`. K, M, G, T and KiB, MiB, … are powers of 1024; KB, MB, … of 1000.
 *
 * @returns whole bytes
 * @throws {CliError} `usage`
 */
export function parseSize(text: string): number {
  const match = SIZE_PATTERN.exec(text.trim());
  const [, digits = '', unit = ''] = match ?? [];
  const bytes = Math.round(Number(digits) * (SIZE_UNITS[unit.toLowerCase()] ?? Number.NaN));
  if (match === null || !Number.isSafeInteger(bytes)) {
    throw new CliError('usage', `expected a size such as 65536, 64K, 256KiB or 1.5MiB, got "${text}"`);
  }
  return bytes;
}

/**
 * Reads a rate: a size, with or without `/s`.
 *
 * @returns bytes per second, at least 1
 * @throws {CliError} `usage`
 */
export function parseRate(text: string): number {
  const size = text.trim().replace(/\/s$/i, '');
  if (!SIZE_PATTERN.test(size)) {
    throw new CliError('usage', `expected a rate per second such as 500K, 2MiB or 10MB/s, got "${text}"`);
  }
  const bytesPerSecond = parseSize(size);
  if (bytesPerSecond < 1) {
    throw new CliError('usage', `a rate of ${text} would stop all traffic; leave the option out for no limit`);
  }
  return bytesPerSecond;
}

/**
 * Reads the length of a piece: a power of two from 16 KiB (a block, BEP 3) to 64 MiB.
 *
 * @throws {CliError} `usage`
 */
export function parsePieceSize(text: string): number {
  const bytes = parseSize(text);
  if (bytes < MIN_PIECE_BYTES || bytes > MAX_PIECE_BYTES || !Number.isInteger(Math.log2(bytes))) {
    throw new CliError('usage', `expected a power of two from 16KiB to 64MiB, got "${text}"`);
  }
  return bytes;
}

/**
 * Reads a length of time: `90` (seconds), `90s`, `10m`, `2h`, `1d`, `1h30m`.
 *
 * @returns seconds
 * @throws {CliError} `usage`
 */
export function parseDuration(text: string): number {
  const trimmed = text.trim();
  if (/^\d+(\.\d+)?$/.test(trimmed)) return Number(trimmed);
  const match = DURATION_PATTERN.exec(trimmed);
  if (match === null || trimmed === '') {
    throw new CliError('usage', `expected a time such as 90, 90s, 10m or 1h30m, got "${text}"`);
  }
  const [, days, hours, minutes, seconds] = match;
  return Number(days ?? 0) * 86_400 + Number(hours ?? 0) * 3_600 + Number(minutes ?? 0) * 60 + Number(seconds ?? 0);
}

/**
 * Reads a whole number within bounds, both included.
 *
 * @throws {CliError} `usage`
 */
export function parseInteger(text: string, least: number, greatest: number): number {
  const value = Number(text);
  if (!/^\d+$/.test(text.trim()) || value < least || value > greatest) {
    throw new CliError('usage', `expected a whole number from ${least} to ${greatest}, got "${text}"`);
  }
  return value;
}

/**
 * Reads a ratio: a number above 0, such as 1.5.
 *
 * @throws {CliError} `usage`
 */
export function parseRatio(text: string): number {
  const value = Number(text);
  if (!/^\d*\.?\d+$/.test(text.trim()) || value <= 0) {
    throw new CliError('usage', `expected a number above 0, such as 1.5, got "${text}"`);
  }
  return value;
}

/**
 * Reads the path of a file or folder. None at all is refused: everywhere else it stands for the current folder, so that a
 * variable of a script that is not set would name all that lies there.
 *
 * @throws {CliError} `usage`
 */
export function parsePath(text: string): string {
  if (text === '') throw new CliError('usage', 'expected a path, got none ("." is the current folder)');
  return text;
}

/**
 * Reads a name for others to see. What is no name of a file anywhere is refused: whoever fetches it would have to make up
 * another one, and some clients refuse such a torrent.
 *
 * @throws {CliError} `usage`
 */
export function parseName(text: string): string {
  if (text === '') throw new CliError('usage', 'expected a name of at least one character, got none');
  if (text.includes('/') || text === '.' || text === '..') {
    throw new CliError('usage', `expected the name of a file or folder, without "/", got "${text}"`);
  }
  return text;
}

const MIN_PIECE_BYTES = 16 * 1024;
const MAX_PIECE_BYTES = 64 * 1024 * 1024;

const SIZE_PATTERN = /^(\d+(?:\.\d+)?) ?([kmgt]?|[kmgt]i?b|b)$/i;
const DURATION_PATTERN = /^(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?$/;

/** K alone counts as KiB, as in dd, split and other tools of the shell. */
const SIZE_UNITS: Readonly<Record<string, number>> = {
  '': 1,
  b: 1,
  k: 1024,
  kib: 1024,
  kb: 1000,
  m: 1024 ** 2,
  mib: 1024 ** 2,
  mb: 1000 ** 2,
  g: 1024 ** 3,
  gib: 1024 ** 3,
  gb: 1000 ** 3,
  t: 1024 ** 4,
  tib: 1024 ** 4,
  tb: 1000 ** 4,
};
