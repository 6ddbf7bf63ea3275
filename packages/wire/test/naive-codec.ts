// The twin of the codec: one frame at a time with DataView, written from the table in PROTOCOL.md and for no other reader. Slow
// and plain, it shares no code with src/, so a mistake would have to be made twice.
import type { Message } from '../src/index.js';

const NAMES: Readonly<Record<number, Message['type']>> = {
  0: 'choke',
  1: 'unchoke',
  2: 'interested',
  3: 'notInterested',
  4: 'have',
  5: 'bitfield',
  6: 'request',
  7: 'piece',
  8: 'cancel',
  9: 'port',
  13: 'suggest',
  14: 'haveAll',
  15: 'haveNone',
  16: 'reject',
  17: 'allowedFast',
  20: 'extended',
};

/** Shortest and longest length of each message, as the prefix gives it. */
const LENGTHS: Readonly<Record<number, readonly [number, number]>> = {
  0: [1, 1],
  1: [1, 1],
  2: [1, 1],
  3: [1, 1],
  4: [5, 5],
  5: [1, 262_145],
  6: [13, 13],
  7: [10, 16_393],
  8: [13, 13],
  9: [3, 3],
  13: [5, 5],
  14: [1, 1],
  15: [1, 1],
  16: [13, 13],
  17: [5, 5],
  20: [2, 524_288],
};

export interface NaiveOutcome {
  readonly messages: readonly Record<string, unknown>[];
  /** Code of the error that ends the stream, if one does. */
  readonly error?: string;
}

/** Decodes all that is whole in a stream, up to the first error. */
export function naiveDecode(stream: Uint8Array, pieceCount?: number): NaiveOutcome {
  const view = new DataView(stream.buffer, stream.byteOffset, stream.byteLength);
  const messages: Record<string, unknown>[] = [];
  let at = 0;
  while (at + 4 <= view.byteLength) {
    const length = view.getUint32(at);
    const error = naiveError(view, at, length, pieceCount);
    if (error !== undefined) return { messages, error };
    if (at + 4 + length > view.byteLength) break;
    messages.push(naiveMessage(view, at + 4, length));
    at += 4 + length;
  }
  return { messages };
}

/** Encodes one message. */
export function naiveEncode(message: Message): Uint8Array {
  if (message.type === 'keepAlive') return new Uint8Array(4);
  const id = Object.entries(NAMES).find(([, name]) => name === message.type)?.[0];
  const body: number[] = [Number(id)];
  const fields: Record<string, unknown> = { ...message };
  for (const field of ['piece', 'begin', 'length']) {
    if (field in fields) body.push(...bigEndian(Number(fields[field]), 4));
  }
  if ('port' in fields) body.push(...bigEndian(Number(fields['port']), 2));
  if ('extensionId' in fields) body.push(Number(fields['extensionId']));
  for (const field of ['bits', 'data', 'payload']) {
    const bytes = fields[field];
    if (bytes instanceof Uint8Array) body.push(...bytes);
  }
  return Uint8Array.from([...bigEndian(body.length, 4), ...body]);
}

function naiveError(view: DataView, at: number, length: number, pieceCount?: number): string | undefined {
  if (length > 1_048_576) return 'frame-too-long';
  if (length === 0 || at + 4 >= view.byteLength) return undefined;
  const id = view.getUint8(at + 4);
  if (id === 5 && pieceCount !== undefined) return length === 1 + Math.ceil(pieceCount / 8) ? undefined : 'bad-length';
  const [least, most] = LENGTHS[id] ?? [1, 65_536];
  if (length >= least && length <= most) return undefined;
  return length > most && least !== most ? 'frame-too-long' : 'bad-length';
}

function naiveMessage(view: DataView, at: number, length: number): Record<string, unknown> {
  if (length === 0) return { type: 'keepAlive' };
  const id = view.getUint8(at);
  const type = NAMES[id];
  const bytes = (from: number): Uint8Array => {
    return Uint8Array.from({ length: length - from }, (_, index) => view.getUint8(at + from + index));
  };
  if (type === undefined) return { type: 'unknown', id, payload: bytes(1) };
  if (type === 'bitfield') return { type, bits: bytes(1) };
  if (type === 'extended') return { type, extensionId: view.getUint8(at + 1), payload: bytes(2) };
  if (type === 'port') return { type, port: view.getUint16(at + 1) };
  if (length === 1) return { type };
  const piece = view.getUint32(at + 1);
  if (length === 5) return { type, piece };
  const begin = view.getUint32(at + 5);
  return type === 'piece'
    ? { type, piece, begin, data: bytes(9) }
    : { type, piece, begin, length: view.getUint32(at + 9) };
}

function bigEndian(value: number, count: number): number[] {
  return Array.from({ length: count }, (_, index) => Math.floor(value / 256 ** (count - 1 - index)) % 256);
}
