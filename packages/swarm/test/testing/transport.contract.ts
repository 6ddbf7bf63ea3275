// The contract of the Transport port (src/ports.ts), run by every implementation. A suite names how to make two
// transports that reach each other, and how to let things happen until a condition holds.
import { formatPeerAddress, type PeerAddress } from '@p2p/wire';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import type { Connection, ConnectionHandler, DialOutcome, ListenOutcome, Transport } from '../../src/ports.js';

/** Two hosts, and a way to let time pass. */
export interface TransportHarness {
  readonly here: Transport;
  readonly there: Transport;
  /** The address of `there`, with port 0. */
  readonly thereHost: string;
  /** Of `here`, as `there` sees it. */
  readonly hereHost: string;
  /** Lets things happen until the condition holds; fails if it never does. */
  until(condition: () => boolean): Promise<void>;
  /** Lets whatever is under way come to its end. */
  settle(): Promise<void>;
}

/** Notes what happens on a connection. */
export class Listener implements ConnectionHandler {
  readonly chunks: Uint8Array[] = [];
  flushedBytes = 0;
  readonly reasons: string[] = [];

  received(chunk: Uint8Array): void {
    // A copy: the view is valid only during the call.
    this.chunks.push(chunk.slice());
  }

  flushed(bytes: number): void {
    this.flushedBytes += bytes;
  }

  closed(reason: string): void {
    this.reasons.push(reason);
  }

  get bytes(): Uint8Array {
    const all = new Uint8Array(this.byteCount);
    let filled = 0;
    for (const chunk of this.chunks) {
      all.set(chunk, filled);
      filled += chunk.length;
    }
    return all;
  }

  get byteCount(): number {
    return this.chunks.reduce((sum, chunk) => sum + chunk.length, 0);
  }
}

export function describeTransport(name: string, makeHarness: () => TransportHarness): void {
  describe(`${name} keeps the contract of a transport`, () => {
    let harness: TransportHarness;
    const cleanUps: (() => void)[] = [];

    beforeEach(() => {
      harness = makeHarness();
    });

    afterEach(async () => {
      for (const cleanUp of cleanUps.splice(0)) cleanUp();
      await harness.settle();
    });

    async function listen(
      port: number,
      onConnection: (connection: Connection) => void = () => undefined,
    ): Promise<ListenOutcome> {
      const outcomes: ListenOutcome[] = [];
      const address = { host: harness.thereHost, port };
      const stop = harness.there.listen(address, onConnection, (outcome) => outcomes.push(outcome));
      cleanUps.push(stop);
      await harness.until(() => outcomes.length > 0);
      return only(outcomes);
    }

    async function dial(address: PeerAddress): Promise<DialOutcome> {
      const outcomes: DialOutcome[] = [];
      harness.here.dial(address, (outcome) => outcomes.push(outcome));
      await harness.until(() => outcomes.length > 0);
      return only(outcomes);
    }

    /** A connection from here to there, nobody attached yet. */
    async function join(): Promise<{ ours: Connection; theirs: Connection; address: PeerAddress }> {
      const accepted: Connection[] = [];
      const address = addressOf(await listen(0, (connection) => accepted.push(connection)));
      const ours = connectionOf(await dial(address));
      await harness.until(() => accepted.length > 0);
      const theirs = only(accepted);
      cleanUps.push(() => {
        ours.close();
        theirs.close();
      });
      return { ours, theirs, address };
    }

    async function joinListeners() {
      const { ours, theirs, address } = await join();
      const [here, there] = [new Listener(), new Listener()];
      ours.attach(here);
      theirs.attach(there);
      return { ours, theirs, here, there, address };
    }

    it('chooses a port when asked for port 0, and tells it', async () => {
      const address = addressOf(await listen(0));
      expect(address.host).toBe(harness.thereHost);
      expect(address.port).toBeGreaterThan(0);
    });

    it('says who is in the way when a port is taken', async () => {
      const { port } = addressOf(await listen(0));
      const second = await listen(port);
      expect(second).toMatchObject({ kind: 'failed', code: 'EADDRINUSE' });
      expect(second).toHaveProperty('message', expect.stringContaining(String(port)));
    });

    it('fails to dial where nobody listens, and names the address', async () => {
      const address = { host: harness.thereHost, port: 1 };
      const outcome = await dial(address);
      expect(outcome).toMatchObject({ kind: 'failed', code: 'ECONNREFUSED' });
      expect(outcome).toHaveProperty('message', expect.stringContaining(formatPeerAddress(address)));
    });

    it('names the other end of both ends', async () => {
      const { ours, theirs, address } = await join();
      expect(ours.remote).toEqual(address);
      expect(theirs.remote.host).toBe(harness.hereHost);
      expect(theirs.remote.port).toBeGreaterThan(0);
    });

    it('never answers before the call returns', async () => {
      let isInside = true;
      const insideCalls: string[] = [];
      const note = (call: string) => () => {
        if (isInside) insideCalls.push(call);
      };
      cleanUps.push(harness.there.listen({ host: harness.thereHost, port: 0 }, note('accept'), note('listen')));
      harness.here.dial({ host: harness.thereHost, port: 1 }, note('dial'));
      isInside = false;
      const { ours, theirs } = await join();
      const noting = { received: note('received'), flushed: note('flushed'), closed: note('closed') };
      isInside = true;
      ours.attach(noting);
      theirs.attach(noting);
      ours.send([Uint8Array.of(1)]);
      theirs.close();
      isInside = false;
      await harness.settle();
      expect(insideCalls).toEqual([]);
    });

    it('carries bytes both ways, in order, however they were cut', async () => {
      const { ours, theirs, here, there } = await joinListeners();
      const content = Uint8Array.from({ length: 1_000_000 }, (_, index) => (index * 7 + (index >> 8)) & 0xff);
      for (let begin = 0, size = 1; begin < content.length; begin += size, size = (size * 3 + 1) % 40_000) {
        ours.send([content.subarray(begin, begin + size)]);
      }
      theirs.send([content.subarray(0, 3), new Uint8Array(0), content.subarray(3, 500_000)]);
      theirs.send([content.subarray(500_000)]);
      await harness.until(() => here.byteCount === content.length && there.byteCount === content.length);
      expect(Buffer.compare(there.bytes, content)).toBe(0);
      expect(Buffer.compare(here.bytes, content)).toBe(0);
    });

    it('delivers plain Uint8Arrays, whose slice is a copy', async () => {
      const { ours, theirs } = await join();
      const kinds: unknown[] = [];
      const noting = {
        received: (chunk: Uint8Array) => kinds.push(chunk.constructor),
        flushed: () => 0,
        closed: () => 0,
      };
      ours.attach(noting);
      theirs.attach(noting);
      ours.send([Uint8Array.of(1)]);
      theirs.send([Uint8Array.of(2)]);
      await harness.until(() => kinds.length === 2);
      expect(kinds).toEqual([Uint8Array, Uint8Array]);
    });

    it('copies what it sends: the parts may be reused when the call returns', async () => {
      const { ours, there } = await joinListeners();
      const part = Uint8Array.of(1, 2, 3);
      ours.send([part]);
      part.fill(9);
      ours.send([part]);
      await harness.until(() => there.byteCount === 6);
      expect([...there.bytes]).toEqual([1, 2, 3, 9, 9, 9]);
    });

    it('reports every byte that has left, once', async () => {
      const { ours, here, there } = await joinListeners();
      for (let count = 0; count < 50; count++) ours.send([new Uint8Array(13), new Uint8Array(16_384)]);
      await harness.until(() => there.byteCount === 50 * 16_397 && here.flushedBytes >= 50 * 16_397);
      await harness.settle();
      expect(here.flushedBytes).toBe(50 * 16_397);
    });

    it('holds back what arrives until somebody is attached', async () => {
      const { ours, theirs } = await join();
      ours.send([Uint8Array.of(1, 2)]);
      theirs.send([Uint8Array.of(3, 4)]);
      await harness.settle();
      const [here, there] = [new Listener(), new Listener()];
      ours.attach(here);
      theirs.attach(there);
      await harness.until(() => here.byteCount === 2 && there.byteCount === 2);
      expect([...here.bytes, ...there.bytes]).toEqual([3, 4, 1, 2]);
    });

    it('refuses a second handler', async () => {
      const { ours } = await join();
      ours.attach(new Listener());
      expect(() => {
        ours.attach(new Listener());
      }).toThrow(TypeError);
    });

    it('sends what is queued before it closes, and tells the other end once', async () => {
      const { ours, here, there } = await joinListeners();
      for (let count = 0; count < 100; count++) ours.send([new Uint8Array(10_000).fill(count)]);
      ours.close();
      ours.close();
      await harness.until(() => there.reasons.length > 0);
      await harness.settle();
      expect(there.byteCount).toBe(1_000_000);
      expect(there.reasons).toEqual(['closed by the other end']);
      expect(here.reasons).toEqual([]);
    });

    it('delivers nothing after a close of our own', async () => {
      const { ours, theirs, here, there } = await joinListeners();
      theirs.send([Uint8Array.of(1)]);
      ours.close();
      ours.send([Uint8Array.of(2)]);
      theirs.send([new Uint8Array(100_000)]);
      await harness.until(() => there.reasons.length > 0);
      await harness.settle();
      expect([here.byteCount, there.byteCount, here.reasons]).toEqual([0, 0, []]);
    });

    it('closes both ends at once without telling either', async () => {
      const { ours, theirs, here, there } = await joinListeners();
      ours.close();
      theirs.close();
      await harness.settle();
      expect([...here.reasons, ...there.reasons]).toEqual([]);
    });

    it('tells who is attached late that the other end has closed, after what it had sent', async () => {
      const { ours, theirs } = await join();
      theirs.send([Uint8Array.of(7)]);
      theirs.close();
      await harness.settle();
      const here = new Listener();
      ours.attach(here);
      await harness.until(() => here.reasons.length > 0);
      expect([...here.bytes]).toEqual([7]);
      expect(here.reasons).toHaveLength(1);
    });

    it('does not answer a dial that was cancelled, and leaves nothing open at the other end', async () => {
      const there = new Listener();
      const accepted: Connection[] = [];
      const address = addressOf(
        await listen(0, (connection) => {
          accepted.push(connection);
          connection.attach(there);
        }),
      );
      const outcomes: DialOutcome[] = [];
      const cancel = harness.here.dial(address, (outcome) => outcomes.push(outcome));
      cancel();
      cancel();
      await harness.settle();
      expect(outcomes).toEqual([]);
      expect(there.reasons).toHaveLength(accepted.length);
    });

    it('ignores a cancel that comes after the answer', async () => {
      const address = addressOf(await listen(0));
      const outcomes: DialOutcome[] = [];
      const cancel = harness.here.dial(address, (outcome) => outcomes.push(outcome));
      await harness.until(() => outcomes.length > 0);
      const connection = connectionOf(only(outcomes));
      cleanUps.push(() => connection.close());
      const here = new Listener();
      connection.attach(here);
      cancel();
      await harness.settle();
      expect(here.reasons).toEqual([]);
    });

    it('stops listening, and keeps the connections it has', async () => {
      const accepted: Connection[] = [];
      const outcomes: ListenOutcome[] = [];
      const stop = harness.there.listen(
        { host: harness.thereHost, port: 0 },
        (connection) => accepted.push(connection),
        (outcome) => outcomes.push(outcome),
      );
      await harness.until(() => outcomes.length > 0);
      const address = addressOf(only(outcomes));
      const ours = connectionOf(await dial(address));
      await harness.until(() => accepted.length > 0);
      stop();
      stop();
      expect(await dial(address)).toMatchObject({ kind: 'failed', code: 'ECONNREFUSED' });
      const there = new Listener();
      only(accepted).attach(there);
      ours.send([Uint8Array.of(5)]);
      await harness.until(() => there.byteCount === 1);
      ours.close();
    });
  });
}

function addressOf(outcome: ListenOutcome): PeerAddress {
  if (outcome.kind === 'failed') throw new Error(outcome.message);
  return outcome.address;
}

function connectionOf(outcome: DialOutcome): Connection {
  if (outcome.kind === 'failed') throw new Error(outcome.message);
  return outcome.connection;
}

function only<T>(items: readonly T[]): T {
  const [item] = items;
  if (item === undefined || items.length !== 1) throw new Error(`expected one, found ${items.length}`);
  return item;
}
