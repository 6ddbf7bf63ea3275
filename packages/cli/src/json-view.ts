import { isLogged, type LogLevel } from './log-level.js';
import type { NodeEvent } from './node-event.js';
import { safeLines } from './safe-lines.js';
import type { Terminal } from './terminal.js';
import type { OutputSettings, View } from './view.js';

/** One JSON object a line on stdout and nothing else there; diagnostics go to stderr. */
export class JsonView implements View {
  readonly #terminal: Terminal;
  readonly #logLevel: LogLevel;

  constructor(terminal: Terminal, settings: OutputSettings) {
    this.#terminal = terminal;
    this.#logLevel = settings.logLevel;
  }

  show(event: NodeEvent): void {
    const line = jsonLine(event);
    if (line !== undefined) this.#terminal.stdout.write(line + '\n');
    if (event.kind === 'error') this.log('error', event.message);
  }

  log(level: LogLevel, message: string): void {
    if (isLogged(level, this.#logLevel)) this.#terminal.stderr.write(`p2p-peer: ${safeLines(message)}\n`);
  }

  report(events: readonly NodeEvent[]): void {
    for (const event of events) this.show(event);
  }

  close(): void {
    // Nothing is held.
  }
}

/** The line of an event, or undefined for what is meant for people only. Exactly the documented fields, in that order. */
export function jsonLine(event: NodeEvent): string | undefined {
  if (event.kind === 'checking' || event.kind === 'waiting') return undefined;
  const text = JSON.stringify({ event: event.kind, ...eventFields(event) });
  return text.replace(STEERING, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** What steers a terminal or reorders a line, and JSON would leave as it is; escaped, it means the same to a program. */
const STEERING = /[\u007f-\u009f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060\u2066-\u2069\ufeff]/g;

type JsonEvent = Exclude<NodeEvent, { readonly kind: 'checking' | 'waiting' }>;

function eventFields(event: JsonEvent): Readonly<Record<string, unknown>> {
  switch (event.kind) {
    case 'metadata': {
      const { name, length, pieceLength, pieces, infoHash } = event;
      return { name, length, pieceLength, pieces, infoHash };
    }
    case 'progress': {
      const { bytes, total, peers } = event;
      return { bytes, total, downRate: Math.round(event.downRate), upRate: Math.round(event.upRate), peers };
    }
    case 'complete': {
      const { path, length, sha1 } = event;
      const seconds = Math.round(event.seconds * 1000) / 1000;
      return { path, length, sha1, seconds, bytesPerSecond: Math.round(event.bytesPerSecond) };
    }
    case 'sharing': {
      const { name, length, infoHash, magnet } = event;
      return { name, length, infoHash, magnet };
    }
    case 'listening':
    case 'peer':
    case 'verified':
    case 'seeding':
    case 'status':
    case 'torrent':
    case 'file':
    case 'error': {
      const { kind: _, ...fields } = event;
      return fields;
    }
  }
}
