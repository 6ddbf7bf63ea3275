import { describe, expect, it } from 'vitest';

import { SendingRoom, STALL_MS } from '../../src/core/uploading/sending-room.js';
import { Session } from '../../src/core/session.js';
import { DEFAULT_SWARM_OPTIONS } from '../../src/swarm-options.js';

const BLOCK = 16_384;
/** As much as may always wait in front of the network. */
const FULL = 8 * BLOCK;
/** Pieces of a node that is well under way. */
const MANY = 100;

/** A connection in front of which blocks wait since time 0. */
function waiting(id: number, blocks: number): Session {
  const session = new Session(
    id,
    { isOutgoing: true, remote: { host: `10.0.0.${String(id)}`, port: 6881 }, now: 0 },
    DEFAULT_SWARM_OPTIONS,
  );
  session.unflushedBytes = blocks * BLOCK;
  session.unflushedBlockBytes = blocks * BLOCK;
  return session;
}

/** One block of a connection is on the network. */
function flush(room: SendingRoom, session: Session, now: number): void {
  session.unflushedBytes -= BLOCK;
  session.unflushedBlockBytes -= BLOCK;
  session.lastFlushedAt = now;
  room.flushed(session, BLOCK, now);
}

describe('SendingRoom', () => {
  it('lets few pieces wait at a time, and only one while we have next to nothing', () => {
    const room = new SendingRoom(1e6);
    expect([7, 8].map((blocks) => room.hasRoom(blocks * BLOCK, MANY, 0))).toEqual([true, false]);
    expect([3, 4].map((blocks) => room.hasRoom(blocks * BLOCK, 1, 0))).toEqual([true, false]);
  });

  it('counts a connection that only waits for its turn on a slow line', () => {
    const room = new SendingRoom(1e6);
    const [served, queued] = [waiting(1, 12), waiting(2, 4)];
    for (let now = 0; now <= 8 * STALL_MS; now += STALL_MS) {
      expect(room.findStalled([served, queued], FULL, now)).toBe(false);
      flush(room, served, now + 1);
    }
    expect(room.hasRoom(FULL, MANY, 8 * STALL_MS)).toBe(false);
  });

  it('does not count one that stands still while more than was held has left, and gives it nothing more until it moves', () => {
    const room = new SendingRoom(1e6);
    const [served, dead] = [waiting(1, 32), waiting(2, 2)];
    expect(room.findStalled([served, dead], FULL, 0)).toBe(false);
    for (let block = 0; block < 17; block++) flush(room, served, 10 * block);
    expect(room.findStalled([served, dead], FULL, STALL_MS)).toBe(true);
    expect(room.hasRoom(FULL + BLOCK, MANY, STALL_MS)).toBe(true);
    expect(room.hasRoomFor(dead, STALL_MS)).toBe(false);
    flush(room, dead, 800);
    expect(room.hasRoomFor(dead, 800)).toBe(true);
  });

  it('gives up connections that have not moved for long, also when none moves', () => {
    const room = new SendingRoom(1e6);
    const dead = waiting(1, 16);
    for (let now = 0; now < 8_000; now += STALL_MS) {
      expect(room.findStalled([dead], FULL, now)).toBe(false);
      expect(room.hasRoom(FULL, MANY, now)).toBe(false);
    }
    expect(room.findStalled([dead], FULL, 8_000)).toBe(true);
    expect(room.hasRoom(FULL, MANY, 8_000)).toBe(true);
  });

  it('takes no notice of connections in front of which no block waits', () => {
    const room = new SendingRoom(1e6);
    const quiet = waiting(1, 0);
    quiet.unflushedBytes = 600;
    for (let now = 0; now <= 60_000; now += STALL_MS) expect(room.findStalled([quiet], FULL, now)).toBe(false);
    expect(room.hasRoomFor(quiet, 60_000)).toBe(true);
  });
});
