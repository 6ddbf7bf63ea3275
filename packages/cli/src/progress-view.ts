import { formatPeerAddress, printable } from '@p2p/wire';

import { formatBytes, formatCount, formatPercent, formatRate, formatSeconds } from './format.js';
import type { LiveLine } from './live-line.js';
import { isLogged, type LogLevel } from './log-level.js';
import type { CompleteEvent, NodeEvent, PeerEvent, ProgressEvent, WaitingEvent } from './node-event.js';
import { palette, type Palette } from './palette.js';
import { progressLine, stallLine } from './progress-line.js';
import { safeLines } from './safe-lines.js';
import { DEFAULT_COLUMNS, type Terminal, wantsColor } from './terminal.js';
import type { OutputSettings, View } from './view.js';

/**
 * Words for people: a line that is drawn over again on a terminal, plain lines elsewhere.
 *
 * With `--quiet` only what was asked for is printed: magnet links, the path of what is complete, errors.
 */
export class ProgressView implements View {
  readonly #terminal: Terminal;
  readonly #isQuiet: boolean;
  readonly #logLevel: LogLevel;
  readonly #palette: Palette;
  readonly #errorPalette: Palette;
  readonly #liveLine: LiveLine | undefined;
  /** What the live line shows; it comes back after ordinary lines. */
  #liveText: string | undefined;
  #lastPlain: { readonly event: ProgressEvent | WaitingEvent; readonly atMs: number } | undefined;
  #lastCheckingMs = -Infinity;

  /** @param liveLine where the terminal can draw over a line; absent for pipes and files */
  constructor(terminal: Terminal, settings: OutputSettings, liveLine?: LiveLine) {
    this.#terminal = terminal;
    this.#isQuiet = settings.quiet;
    this.#logLevel = settings.logLevel;
    this.#palette = palette(wantsColor(terminal.stdout, terminal.environment));
    this.#errorPalette = palette(wantsColor(terminal.stderr, terminal.environment));
    this.#liveLine = liveLine;
  }

  show(event: NodeEvent): void {
    if (this.#isQuiet) {
      this.#showQuietly(event);
      return;
    }
    if (event.kind === 'progress' || event.kind === 'waiting') this.#showProgress(event);
    else if (event.kind === 'checking') this.#showChecking(event);
    else if (event.kind === 'peer') this.log('debug', peerText(event));
    else if (event.kind === 'error') this.log('error', event.message);
    else if (event.kind !== 'status') this.#print(describeEvent(event, this.#palette));
  }

  log(level: LogLevel, message: string): void {
    if (!isLogged(level, this.#logLevel)) return;
    const paint = level === 'error' ? this.#errorPalette.bad : this.#errorPalette.warning;
    const prefix = level === 'error' || level === 'warn' ? paint('p2p-peer:') : this.#errorPalette.faint('p2p-peer:');
    this.#aboveLiveLine(() => this.#terminal.stderr.write(`${prefix} ${safeLines(message)}\n`));
  }

  report(_events: readonly NodeEvent[], text: string): void {
    this.#print(text);
  }

  close(): void {
    this.#liveLine?.clear();
    this.#liveText = undefined;
  }

  #showQuietly(event: NodeEvent): void {
    if (event.kind === 'sharing') this.#print(event.magnet);
    if (event.kind === 'complete') this.#print(printable(event.path, Infinity));
    if (event.kind === 'error') this.log('error', event.message);
  }

  #showProgress(event: ProgressEvent | WaitingEvent): void {
    if (this.#liveLine === undefined) {
      this.#showPlainProgress(event);
      return;
    }
    const line = progressLine(event, this.#terminal.stdout.columns || DEFAULT_COLUMNS);
    const stall = stallLine(event);
    this.#draw(stall === undefined ? line : `${line}\n${this.#palette.warning(stall)}`);
  }

  /** A line every few seconds, if there is anything new; at once when downloading begins, stalls or goes on, but not when it ends. */
  #showPlainProgress(event: ProgressEvent | WaitingEvent): void {
    const last = this.#lastPlain;
    const nowMs = this.#terminal.now();
    const isWhole = event.kind === 'progress' && event.bytes >= event.total;
    const isTurn = !isWhole && (last?.event.kind !== event.kind || last.event.stall !== event.stall);
    const isDue = last !== undefined && nowMs - last.atMs >= PLAIN_INTERVAL_MS && isNews(last.event, event);
    if (!isTurn && !isDue) {
      this.#lastPlain ??= { event, atMs: nowMs };
      return;
    }
    this.#lastPlain = { event, atMs: nowMs };
    this.#print(progressLine(event));
    const stall = stallLine(event);
    if (stall !== undefined) this.#print(stall);
  }

  #showChecking({ name, bytes, total }: { name: string; bytes: number; total: number }): void {
    const text = `Checking ${printable(name)}: ${formatPercent(bytes, total)}`;
    if (this.#liveLine !== undefined) {
      this.#draw(text);
      if (bytes >= total) this.#liveText = undefined; // said once; below what comes next it would say that we still check
      return;
    }
    const nowMs = this.#terminal.now();
    if (nowMs - this.#lastCheckingMs < PLAIN_INTERVAL_MS) return;
    this.#lastCheckingMs = nowMs;
    this.#print(text);
  }

  #print(text: string): void {
    this.#aboveLiveLine(() => this.#terminal.stdout.write(text + '\n'));
  }

  #draw(text: string): void {
    this.#liveText = text;
    this.#liveLine?.update(text);
  }

  #aboveLiveLine(write: () => void): void {
    this.#liveLine?.clear();
    write();
    if (this.#liveText !== undefined) this.#liveLine?.update(this.#liveText);
  }
}

type StatedEvent = Exclude<
  NodeEvent,
  { readonly kind: 'waiting' | 'progress' | 'checking' | 'peer' | 'status' | 'error' }
>;

function describeEvent(event: StatedEvent, colors: Palette): string {
  switch (event.kind) {
    case 'listening':
      return `Listening on ${listeningPlace(event.host, event.port)}`;
    case 'sharing':
      return `Sharing ${colors.strong(printable(event.name))} (${formatBytes(event.length)})\n  ${event.magnet}`;
    case 'metadata':
      return (
        `Fetching ${colors.strong(printable(event.name))}: ${formatBytes(event.length)} in ` +
        `${formatCount(event.pieces, 'piece')} of ${formatBytes(event.pieceLength)}`
      );
    case 'complete':
      return completeText(event, colors);
    case 'verified':
      return colors.faint('Read back from the disk: the whole has the SHA-1 that it should have.');
    case 'seeding':
      return 'Sharing it now; Ctrl-C stops.';
    case 'torrent':
      return event.magnet;
    case 'file':
      return printable(event.path, Infinity);
  }
}

function listeningPlace(host: string, port: number): string {
  if (host === '::' || host === '0.0.0.0') return `port ${port}, at every address of this machine`;
  return formatPeerAddress({ host, port });
}

function completeText(event: CompleteEvent, colors: Palette): string {
  return [
    `${colors.good('Complete and verified')}: ${formatBytes(event.length)}${paceText(event)}`,
    `  ${printable(event.path, Infinity)}`,
    `  ${colors.faint(`SHA-1 ${event.sha1}`)}`,
  ].join('\n');
}

/** What an earlier run had fetched took none of the time. */
function paceText({ length, seconds, bytesPerSecond }: CompleteEvent): string {
  if (seconds === 0) return '';
  const fetched = Math.round(seconds * bytesPerSecond);
  const part = fetched < length ? `, ${formatBytes(fetched)} of it` : '';
  return `${part} in ${formatSeconds(seconds)} (${formatRate(bytesPerSecond)})`;
}

function peerText(event: PeerEvent): string {
  const who = `${event.address} (${printable(event.client)})`;
  return event.state === 'connected' ? `connected to ${who}` : `closed ${who}: ${printable(event.reason)}`;
}

function isNews(before: ProgressEvent | WaitingEvent, after: ProgressEvent | WaitingEvent): boolean {
  if (before.kind === 'waiting' || after.kind === 'waiting') return before.peers !== after.peers;
  return before.bytes !== after.bytes || before.peers !== after.peers || after.upRate > 0 || before.upRate > 0;
}

const PLAIN_INTERVAL_MS = 5_000;
