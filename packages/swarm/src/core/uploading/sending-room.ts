import { RateMeter } from '../rate-meter.js';
import type { Session } from '../session.js';

/**
 * How many bytes of blocks may wait in front of the network, over all connections and in one of them.
 *
 * Over all: a tenth of a second of what the network takes, and at least a few pieces; at least one while we have next to nothing:
 * then the swarm begins, and each piece that is complete makes one more who can pass it on. What is handed over can no longer be
 * put in another order, nor taken back; with half a second in each of eight connections, what is sent next would be decided
 * four seconds before it leaves. In one: half a second of what the peer takes (libtorrent's rule), for the small messages
 * behind it.
 *
 * A connection that stands still while the others move does not count: a few slow peers must not keep everybody waiting. One
 * that only waits for its turn on a slow line does, or all that waits would be sent side by side, and no piece be complete for
 * long.
 */
export class SendingRoom {
  readonly #meter = new RateMeter();
  readonly #maxPerConnection: number;
  readonly #stalled = new Set<Session>();
  /** Connections that had blocks waiting at the last look, and how things stood when each was first seen to stand still. */
  #still = new Map<Session, Standstill>();

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
    this.#still.delete(session);
  }

  /**
   * @param heldBytes what waits in front of the network or is being read for it, over all connections
   * @param haveCount pieces that we have
   */
  hasRoom(heldBytes: number, haveCount: number, now: number): boolean {
    const minBytes = haveCount < FEW_PIECES ? MIN_BYTES_IN_ONE : MIN_BYTES;
    if (heldBytes < minBytes) return true;
    let stalledBytes = 0;
    for (const session of this.#stalled) stalledBytes += session.unflushedBlockBytes + session.readingBytes;
    const limit = Math.max(minBytes, this.#meter.bytesPerSecond(now) * SECONDS_OVER_ALL);
    return heldBytes - stalledBytes < limit;
  }

  /** Whether the connection stands still while others move. */
  isStalled(session: Session): boolean {
    return this.#stalled.has(session);
  }

  /** A stalled connection gets nothing more: it would not count, and wait in front of the network all the same. */
  hasRoomFor(session: Session, now: number): boolean {
    if (this.#stalled.has(session)) return false;
    const rate = session.flushMeter.bytesPerSecond(now);
    const limit = Math.min(this.#maxPerConnection, Math.max(MIN_BYTES_IN_ONE, rate * SECONDS_IN_ONE));
    return session.unflushedBytes + session.readingBytes < limit;
  }

  /**
   * Looks for connections that stand still; false if there is no new one. To be called every `STALL_MS` while there is no room.
   *
   * @param heldBytes as of `hasRoom`: when more than that has left elsewhere, whatever was in front of this one is gone
   */
  findStalled(sessions: Iterable<Session>, heldBytes: number, now: number): boolean {
    const flushedBytes = this.#meter.totalBytes;
    const before = this.#still;
    this.#still = new Map();
    let isNew = false;
    for (const session of sessions) {
      if (session.unflushedBlockBytes === 0 || this.#stalled.has(session)) continue;
      const { lastFlushedAt } = session;
      const known = before.get(session);
      const still = known?.lastFlushedAt === lastFlushedAt ? known : { lastFlushedAt, since: now, flushedBytes };
      this.#still.set(session, still);
      const stillMs = now - still.since;
      const isPassedOver = stillMs >= STALL_MS && flushedBytes - still.flushedBytes > heldBytes;
      if (!isPassedOver && stillMs < DEAD_MS) continue;
      this.#stalled.add(session);
      isNew = true;
    }
    return isNew;
  }
}

/** How things stood when a connection was first seen not to move. */
interface Standstill {
  /** The session's, and so it tells whether it has moved since. */
  readonly lastFlushedAt: number;
  readonly since: number;
  /** What had left by then, over all connections. */
  readonly flushedBytes: number;
}

/** How long a connection must stand still to be passed over; when to look again. */
export const STALL_MS = 500;
/** After so long a connection has stalled, also when no other moves: even a slow modem has sent something by then. */
const DEAD_MS = 8_000;
const SECONDS_OVER_ALL = 0.1;
const SECONDS_IN_ONE = 0.5;
/**
 * Two pieces of 64 KiB: what is said to one peer waits behind blocks to the others, and with one dead connection there is room for
 * another. Measured in virtual time at 2 Mbit/s, a hundred peers, 256 pieces: with one, two and four, half of them are done after
 * 1.130, 1.132 and 1.146 of the bound, the last after 1.166, 1.154 and 1.179.
 */
const MIN_BYTES = 2 * 65_536;
/**
 * With 4 or 16 it is the same. A hundred peers and 64 pieces: the last is done after 1.69 of the bound, else after 1.81. A block in place of
 * a piece gains a crowd of 400 another 0.2 s, but leaves an uplink idle on a long path (400 ms), where one block waits for its window.
 */
const FEW_PIECES = 8;
/** One write's worth: smaller ones cost more than they carry (measured, see `tcp-transport.ts`). */
const MIN_BYTES_IN_ONE = 65_536;
