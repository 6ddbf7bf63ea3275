import type { CoreMessage } from '@p2p/swarm';
import { TraceHash } from '@p2p/swarm/testing';

/**
 * The fingerprint of a run: every message that a node decided to send, and every batch that was delivered, with the time.
 * The same in both payload modes.
 */
export class RunTrace {
  readonly #hash = new TraceHash();

  /** A node sends a message on a connection. */
  sent(connectionId: number, message: CoreMessage): void {
    const code = TYPE_CODES[message.type];
    if (!('piece' in message)) this.#hash.addNumbers(connectionId, code, lengthOf(message), 0);
    else this.#hash.addNumbers(connectionId, code, message.piece, 'begin' in message ? message.begin : 0);
  }

  /** A node takes what came on a connection. */
  delivered(atMicros: number, connectionId: number, bytes: number, itemCount: number): void {
    this.#hash.addNumbers(atMicros, connectionId, bytes, itemCount);
  }

  /** Something else by which runs differ: a fault, a completion. */
  noted(atMicros: number, node: string, what: string): void {
    this.#hash.add(atMicros, node, what);
  }

  /** 16 hexadecimal digits. */
  digest(): string {
    return this.#hash.digest();
  }
}

function lengthOf(message: CoreMessage): number {
  if ('payload' in message) return message.payload.length;
  return 'bits' in message ? message.bits.length : 0;
}

const TYPE_CODES = {
  keepAlive: 1,
  choke: 2,
  unchoke: 3,
  interested: 4,
  notInterested: 5,
  have: 6,
  bitfield: 7,
  request: 8,
  piece: 9,
  cancel: 10,
  port: 11,
  suggest: 12,
  haveAll: 13,
  haveNone: 14,
  reject: 15,
  allowedFast: 16,
  extended: 17,
  unknown: 18,
} as const satisfies Record<CoreMessage['type'], number>;
