import { RateMeter } from './rate-meter.js';
import type { Session } from './session.js';

/**
 * How much may wait in front of the network, over all connections and in one of them.
 *
 * Over all: a tenth of a second of what the network takes, and a little to begin with. What is handed over can no longer be
 * put in another order, nor taken back; with half a second in each of eight connections, what is sent next would be decided four seconds
 * before it leaves. In one: half a second of what the peer takes (libtorrent's rule), for the small messages behind it.
 *
 * A connection that has moved nothing for a while does not count: a few slow peers must not keep everybody waiting.
 */
export class SendingRoom {
  readonly #meter = new RateMeter();
  readonly #maxPerConnection: number;
  readonly #stalled = new Set<Session>();

  /** @param maxPerConnection bytes */
  constructor(maxPerConnection: number) {
    this.#maxPerConnection = maxPerConnection;
  }

  /** So many bytes of a connection are on the network. */
  flushed(session: Session, bytes: number, now: number): void {
    this.#meter.add(now, bytes);
    this.#stalled.delete(session);
  }

  closed(session: Session): void {
    this.#stalled.delete(session);
  }

  /** @param heldBytes what waits in front of the network or is being read for it, over all connections */
  hasRoom(heldBytes: number, now: number): boolean {
    if (heldBytes < MIN_BYTES) return true;
    let stalledBytes = 0;
    for (const session of this.#stalled) stalledBytes += session.unflushedBytes + session.readingBytes;
    const limit = Math.max(MIN_BYTES, this.#meter.bytesPerSecond(now) * SECONDS_OVER_ALL);
    return heldBytes - stalledBytes < limit;
  }

  hasRoomFor(session: Session, now: number): boolean {
    const rate = session.flushMeter.bytesPerSecond(now);
    const limit = Math.min(this.#maxPerConnection, Math.max(MIN_BYTES, rate * SECONDS_IN_ONE));
    return session.unflushedBytes + session.readingBytes < limit;
  }

  /** Looks for connections that have not moved for a while; false if there is no new one. */
  findStalled(sessions: Iterable<Session>, now: number): boolean {
    let isNew = false;
    for (const session of sessions) {
      if (session.unflushedBytes === 0 || now - session.lastFlushedAt < STALL_MS || this.#stalled.has(session))
        continue;
      this.#stalled.add(session);
      isNew = true;
    }
    return isNew;
  }
}

/** How long a connection may stand still before it no longer counts; when to look again. */
export const STALL_MS = 500;
const SECONDS_OVER_ALL = 0.1;
const SECONDS_IN_ONE = 0.5;
/** One write's worth: smaller ones cost more than they carry (measured, see `tcp-transport.ts`). */
const MIN_BYTES = 65_536;
