/** What a node says of itself, as far as a run listens. Sizes in bytes, times in seconds, rates in bytes per second. */
export type NodeEvent =
  | { readonly event: 'listening'; readonly host: string; readonly port: number }
  | { readonly event: 'sharing'; readonly infoHash: string }
  | { readonly event: 'metadata'; readonly pieces: number }
  | {
      readonly event: 'progress';
      readonly bytes: number;
      readonly total: number;
      readonly downRate: number;
      readonly upRate: number;
      readonly peers: number;
    }
  | {
      readonly event: 'peer';
      readonly state: 'connected' | 'closed';
      readonly address: string;
      readonly reason: string | undefined;
    }
  | { readonly event: 'complete'; readonly length: number; readonly sha1: string | undefined }
  | ({ readonly event: 'status' } & NodeTotals)
  | { readonly event: 'error'; readonly code: string; readonly message: string };

/** Totals that a node reports when it leaves. Payload bytes; `undefined` for what it does not say. */
export interface NodeTotals {
  readonly uploaded: number | undefined;
  readonly downloaded: number | undefined;
  /** Received but of no use: duplicates, and pieces that failed their hash. */
  readonly wasted: number | undefined;
  /** The part of `wasted` that failed its hash. */
  readonly corrupt: number | undefined;
}

/**
 * Reads one line of a node's standard output (`design.md` section 5).
 *
 * This is the one place where foreign JSON becomes a typed value: every field is checked here.
 *
 * @returns `undefined` for an event that a run does not need, or a line that is no event
 */
export function parseNodeEvent(line: string): NodeEvent | undefined {
  const fields = parseRecord(line);
  const name = fields?.['event'];
  if (!fields || typeof name !== 'string') return undefined;
  return READERS.get(name)?.(fields);
}

type Fields = Readonly<Record<string, unknown>>;

const READERS = new Map(
  Object.entries<(fields: Fields) => NodeEvent | undefined>({
    listening(fields) {
      const host = text(fields, 'host');
      const port = count(fields, 'port');
      return host !== undefined && port !== undefined ? { event: 'listening', host, port } : undefined;
    },
    sharing(fields) {
      const infoHash = text(fields, 'infoHash');
      return infoHash === undefined ? undefined : { event: 'sharing', infoHash };
    },
    metadata(fields) {
      const pieces = count(fields, 'pieces');
      return pieces === undefined ? undefined : { event: 'metadata', pieces };
    },
    progress(fields) {
      const bytes = count(fields, 'bytes');
      const total = count(fields, 'total');
      if (bytes === undefined || total === undefined) return undefined;
      const [downRate = 0, upRate = 0, peers = 0] = ['downRate', 'upRate', 'peers'].map((name) => count(fields, name));
      return { event: 'progress', bytes, total, downRate, upRate, peers };
    },
    peer(fields) {
      const state = fields['state'];
      const address = text(fields, 'address');
      if ((state !== 'connected' && state !== 'closed') || address === undefined) return undefined;
      return { event: 'peer', state, address, reason: text(fields, 'reason') };
    },
    complete(fields) {
      const length = count(fields, 'length');
      return length === undefined ? undefined : { event: 'complete', length, sha1: text(fields, 'sha1') };
    },
    status(fields) {
      const [uploaded, downloaded, wasted, corrupt] = ['uploaded', 'downloaded', 'wasted', 'corrupt'].map((name) =>
        count(fields, name),
      );
      return { event: 'status', uploaded, downloaded, wasted, corrupt };
    },
    error(fields) {
      return { event: 'error', code: text(fields, 'code') ?? 'unknown', message: text(fields, 'message') ?? '' };
    },
  }),
);

function parseRecord(line: string): Fields | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return isRecord(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isRecord(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function text(fields: Fields, name: string): string | undefined {
  const value = fields[name];
  return typeof value === 'string' ? value : undefined;
}

/** Not negative and finite; rates may have a fraction. */
function count(fields: Fields, name: string): number | undefined {
  const value = fields[name];
  return typeof value === 'number' && Number.isFinite(value) && value >= 0 ? value : undefined;
}
