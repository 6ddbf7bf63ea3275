import { connect, createServer, type Socket } from 'node:net';

import { afterEach, describe, expect, it } from 'vitest';

import { TcpTransport } from '../../src/node/index.js';
import type { Connection, DialOutcome, ListenOutcome, Transport } from '../../src/ports.js';
import { describeTransport, Listener } from '../testing/transport.contract.js';

const LOOPBACK = '127.0.0.1';

/** Lets the event loop turn until the condition holds; the test's own timeout is the limit. */
async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await turn();
}

function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/**
 * Lets what is under way on loopback come to its end: bytes that go back and forth on a connection of their own overtake
 * nothing that was sent before them.
 */
async function settle(): Promise<void> {
  const server = createServer((socket) => socket.on('error', () => undefined).pipe(socket));
  await new Promise<void>((resolve) => server.listen(0, LOOPBACK, resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('expected an address');
  const socket = connect(address.port, LOOPBACK);
  let echoes = 0;
  socket.on('data', () => {
    echoes += 1;
    socket.write('.');
  });
  socket.write('.');
  await until(() => echoes >= 20);
  socket.destroy();
  server.close();
}

describeTransport('TCP', () => ({
  here: new TcpTransport(),
  there: new TcpTransport(),
  hereHost: LOOPBACK,
  thereHost: LOOPBACK,
  until,
  settle,
}));

describeTransport('TCP over IPv6', () => ({
  here: new TcpTransport(),
  there: new TcpTransport(),
  hereHost: '::1',
  thereHost: '::1',
  until,
  settle,
}));

describe('TCP', () => {
  const cleanUps: (() => void)[] = [];

  afterEach(() => {
    for (const cleanUp of cleanUps.splice(0)) cleanUp();
  });

  /** A listener whose connections are noted. */
  async function listening(transport: Transport, host: string) {
    const accepted: Connection[] = [];
    const outcomes: ListenOutcome[] = [];
    const stop = transport.listen(
      { host, port: 0 },
      (connection) => accepted.push(connection),
      (outcome) => outcomes.push(outcome),
    );
    cleanUps.push(() => {
      stop();
      for (const connection of accepted) connection.close();
    });
    await until(() => outcomes.length > 0);
    const [outcome] = outcomes;
    if (outcome?.kind !== 'listening') throw new Error('expected to listen');
    return { accepted, address: outcome.address };
  }

  async function dial(transport: Transport, address: { host: string; port: number }): Promise<DialOutcome> {
    const outcomes: DialOutcome[] = [];
    transport.dial(address, (outcome) => outcomes.push(outcome));
    await until(() => outcomes.length > 0);
    const [outcome] = outcomes;
    if (outcome === undefined) throw new Error('expected an outcome');
    if (outcome.kind === 'connected') cleanUps.push(() => outcome.connection.close());
    return outcome;
  }

  it('dials from the address it is bound to, and listens there', async () => {
    const { accepted, address } = await listening(new TcpTransport({ bind: '127.0.0.5' }), '0.0.0.0');
    expect(address.host).toBe('127.0.0.5');
    await dial(new TcpTransport({ bind: '127.0.0.3' }), address);
    await until(() => accepted.length > 0);
    expect(accepted[0]?.remote.host).toBe('127.0.0.3');
  });

  it('dials nothing when the address it is bound to is not there', async () => {
    // 192.0.2.0/24 is for documentation (RFC 5737): no machine has it.
    const { address } = await listening(new TcpTransport(), LOOPBACK);
    expect(await dial(new TcpTransport({ bind: '192.0.2.1' }), address)).toMatchObject({ kind: 'failed' });
  });

  it('says that this machine does not have the address to listen at', async () => {
    const outcomes: ListenOutcome[] = [];
    new TcpTransport().listen(
      { host: '192.0.2.1', port: 0 },
      () => undefined,
      (outcome) => outcomes.push(outcome),
    );
    await until(() => outcomes.length > 0);
    expect(outcomes).toMatchObject([{ kind: 'failed', code: 'EADDRNOTAVAIL' }]);
    expect(outcomes[0]).toHaveProperty('message', expect.stringContaining('192.0.2.1'));
  });

  it('dials a name', async () => {
    const { address } = await listening(new TcpTransport(), LOOPBACK);
    const outcome = await dial(new TcpTransport(), { host: 'localhost', port: address.port });
    expect(outcome.kind).toBe('connected');
  });

  it('answers a port that cannot be with a failure, like any other', async () => {
    expect(await dial(new TcpTransport(), { host: LOOPBACK, port: 70_000 })).toMatchObject({ kind: 'failed' });
  });

  it('writes an IPv4 peer of a listener for both families as IPv4', async () => {
    const { accepted, address } = await listening(new TcpTransport(), '::');
    await dial(new TcpTransport(), { host: LOOPBACK, port: address.port });
    await until(() => accepted.length > 0);
    expect(accepted[0]?.remote.host).toBe(LOOPBACK);
  });

  it('survives a reset at any moment, and reports it once', async () => {
    const { accepted, address } = await listening(new TcpTransport(), LOOPBACK);
    const socket = connect({ host: address.host, port: address.port });
    socket.on('error', () => undefined);
    await until(() => accepted.length > 0);
    const there = new Listener();
    accepted[0]?.attach(there);
    socket.pause();
    // More than the kernel takes: bytes are queued when the reset comes.
    let sentBytes = 0;
    while (there.flushedBytes === sentBytes) {
      accepted[0]?.send([new Uint8Array(1_048_576)]);
      sentBytes += 1_048_576;
      for (let count = 0; count < 50; count++) await turn();
    }
    socket.resetAndDestroy();
    await until(() => there.reasons.length > 0);
    accepted[0]?.send([Uint8Array.of(1)]);
    await settle();
    expect(there.reasons).toEqual(['connection reset by the other end']);
    expect(there.flushedBytes).toBeLessThan(sentBytes);
  });

  it('lets the event loop turn while a fast sender has always more', async () => {
    const { accepted, address } = await listening(new TcpTransport(), LOOPBACK);
    const outcome = await dial(new TcpTransport(), address);
    await until(() => accepted.length > 0);
    if (outcome.kind === 'failed') throw new Error('expected a connection');
    let sinceTurn = 0;
    let mostInTurn = 0;
    let receivedBytes = 0;
    outcome.connection.attach({
      received: (chunk) => {
        receivedBytes += chunk.length;
        sinceTurn += 1;
        mostInTurn = Math.max(mostInTurn, sinceTurn);
      },
      flushed: () => undefined,
      closed: () => undefined,
    });
    const totalBytes = 64 * 1_048_576;
    for (let sent = 0; sent < totalBytes; sent += 1_048_576) accepted[0]?.send([new Uint8Array(1_048_576)]);
    while (receivedBytes < totalBytes) {
      sinceTurn = 0;
      await turn();
    }
    expect(mostInTurn).toBeLessThanOrEqual(24);
    expect(mostInTurn).toBeGreaterThan(1);
  });

  it('waits for a slow reader, and mixes nothing up meanwhile', async () => {
    const { accepted, address } = await listening(new TcpTransport(), LOOPBACK);
    const outcome = await dial(new TcpTransport(), address);
    await until(() => accepted.length > 0);
    const [theirs] = accepted;
    if (outcome.kind === 'failed' || theirs === undefined) throw new Error('expected a connection');
    const here = new Listener();
    outcome.connection.attach(here);
    const total = 64 * 262_144;
    for (let block = 0; block < 64; block++) {
      outcome.connection.send([new Uint8Array(262_144).fill(block)]);
      await turn();
    }
    await settle();
    expect(here.flushedBytes).toBeLessThan(total);
    const there = new Listener();
    theirs.attach(there);
    await until(() => there.byteCount === total);
    const { bytes } = there;
    for (let block = 0; block < 64; block++) {
      const part = bytes.subarray(block * 262_144, (block + 1) * 262_144);
      expect(part.every((byte) => byte === block)).toBe(true);
    }
    await until(() => here.flushedBytes === total);
  });

  it('is not held up by a peer that never closes its end', async () => {
    const sockets: Socket[] = [];
    const server = createServer({ allowHalfOpen: true }, (socket) => {
      socket.on('error', () => undefined);
      sockets.push(socket);
    });
    cleanUps.push(() => server.close());
    await new Promise<void>((resolve) => server.listen(0, LOOPBACK, resolve));
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('expected an address');
    const outcome = await dial(new TcpTransport(), { host: LOOPBACK, port: address.port });
    if (outcome.kind === 'failed') throw new Error(outcome.message);
    outcome.connection.attach(new Listener());
    outcome.connection.close();
    await until(() => sockets.length > 0);
    // Writing to an end that is gone is answered with a reset.
    const [socket] = sockets;
    await until(() => {
      socket?.write(Uint8Array.of(1));
      return socket?.destroyed === true;
    });
    expect(socket?.destroyed).toBe(true);
  });
});
