import { connect, createServer, isIP, type AddressInfo, type OnReadOpts, type Server, type Socket } from 'node:net';

import { formatPeerAddress, type PeerAddress } from '@p2p/wire';

import type { Cancel, Connection, DialOutcome, ListenOutcome, Transport } from '../ports.js';
import { SendSlabs } from './send-slabs.js';
import { TcpConnection, type SendTurn } from './tcp-connection.js';

/** Choices of a {@link TcpTransport}. */
export interface TcpTransportOptions {
  /** The address of this machine to listen at and to dial from; if it goes away, nothing is dialled. Default: any. */
  readonly bind?: string;
  /** Until a dial that nobody answers fails, in ms. Default 15,000, as libtorrent's. */
  readonly dialTimeoutMs?: number;
}

/**
 * Connections over TCP, IPv4 and IPv6.
 *
 * What all connections were given during one turn of the event loop is written at its end. Measured over loopback, two
 * processes, blocks of 16 KiB, 256 requests in flight, 512 KiB unflushed at most, 1 GiB, copy included (Node 20, two
 * cores; MB/s, and CPU seconds of sender / receiver):
 *
 * | written | blocks sent in one turn | a block a turn, as storage answers |
 * |---|---|---|
 * | at the end of the turn (`setImmediate`) | 1600 to 1800, 0.55 / 0.43 | 2000 to 2200, 0.50 / 0.37 |
 * | after each callback (`process.nextTick`) | 1700 to 1800, 0.62 / 0.59 | 1300 to 1370, 0.89 / 0.70 |
 * | after each callback (`queueMicrotask`) | 1500 to 1800, 0.63 / 0.60 | 1000 to 1130, 1.1 / 0.83 |
 */
export class TcpTransport implements Transport {
  readonly #bind: string | undefined;
  readonly #dialTimeoutMs: number;
  readonly #turn: SendTurn;
  #unflushed: TcpConnection[] = [];

  constructor(options: TcpTransportOptions = {}) {
    this.#bind = options.bind;
    this.#dialTimeoutMs = options.dialTimeoutMs ?? 15_000;
    this.#turn = { slabs: new SendSlabs(), schedule: (connection) => this.#flushLater(connection) };
  }

  listen(
    address: PeerAddress,
    onConnection: (connection: Connection) => void,
    done: (outcome: ListenOutcome) => void,
  ): Cancel {
    const host = this.#bind ?? address.host;
    // Paused: nothing may be delivered before somebody is attached.
    const server = createServer({ pauseOnConnect: true, noDelay: true });
    let isWanted = true;
    let answer: typeof done | undefined = done;
    const fail = (error: NodeJS.ErrnoException) => {
      // Once listening, a failed accept (no descriptor left, say) concerns the one who knocked, not us.
      if (isWanted)
        answer?.({ kind: 'failed', code: error.code ?? 'EUNKNOWN', message: listenFailure(error, host, address.port) });
      answer = undefined;
    };
    server.on('error', fail);
    server.on('connection', (socket) => {
      const accepted = this.#accept(socket);
      if (!isWanted) accepted?.close();
      else if (accepted !== undefined) onConnection(accepted);
    });
    server.on('listening', () => {
      if (isWanted) answer?.({ kind: 'listening', address: addressOf(server, host) });
      answer = undefined;
    });
    soon(() => isWanted && server.listen({ host, port: address.port, exclusive: true }), fail);
    return () => {
      isWanted = false;
      server.close();
    };
  }

  dial(address: PeerAddress, done: (outcome: DialOutcome) => void): Cancel {
    let socket: Socket | undefined;
    let answer: typeof done | undefined = done;
    const settle = (outcome: DialOutcome) => {
      clearTimeout(timeout);
      const told = answer;
      answer = undefined;
      told?.(outcome);
    };
    const fail = (error: NodeJS.ErrnoException) => {
      settle({ kind: 'failed', code: error.code ?? 'EUNKNOWN', message: dialFailure(error, address) });
    };
    const timeout = setTimeout(() => {
      socket?.destroy();
      const message = `${formatPeerAddress(address)} did not answer within ${this.#dialTimeoutMs} ms`;
      settle({ kind: 'failed', code: 'ETIMEDOUT', message });
    }, this.#dialTimeoutMs);
    soon(() => {
      if (answer === undefined) return;
      socket = this.#connect(address, fail, (connection) => settle({ kind: 'connected', connection }));
    }, fail);
    return () => {
      if (answer === undefined) return;
      answer = undefined;
      clearTimeout(timeout);
      socket?.destroy();
    };
  }

  /**
   * A dialled socket reads into one buffer of its own, again and again: no allocation a chunk, a third less CPU than
   * 'data' events. Node offers that only to the side that dials.
   */
  #connect(
    address: PeerAddress,
    fail: (error: NodeJS.ErrnoException) => void,
    connected: (connection: TcpConnection) => void,
  ): Socket {
    let connection: TcpConnection | undefined;
    let readsLeft = READS_AT_ONCE;
    const onread: OnReadOpts = {
      buffer: new Uint8Array(RECEIVE_BUFFER_BYTES),
      callback: (bytes, buffer) => {
        connection?.receive(buffer.subarray(0, bytes));
        readsLeft -= 1;
        if (readsLeft > 0) return true;
        readsLeft = READS_AT_ONCE;
        setImmediate(() => socket.resume());
        return false; // which pauses it
      },
    };
    const socket = connect({
      host: address.host,
      port: address.port,
      onread,
      // Several addresses are tried in turn only for a name.
      autoSelectFamily: isIP(address.host) === 0,
      ...(this.#bind === undefined ? {} : { localAddress: this.#bind }),
    });
    socket.on('error', fail);
    socket.pause();
    socket.on('connect', () => {
      socket.off('error', fail);
      connection = new TcpConnection(socket, { host: address.host, port: address.port }, this.#turn);
      connected(connection);
    });
    return socket;
  }

  #accept(socket: Socket): TcpConnection | undefined {
    const { remoteAddress, remotePort } = socket;
    // Gone already.
    if (remoteAddress === undefined || remotePort === undefined) {
      socket.on('error', () => undefined).destroy();
      return undefined;
    }
    const connection = new TcpConnection(socket, { host: plainHost(remoteAddress), port: remotePort }, this.#turn);
    // A Buffer's `slice` is a view, a Uint8Array's is a copy: what comes out of here must be the plain kind.
    socket.on('data', (chunk: Buffer) => {
      connection.receive(new Uint8Array(chunk.buffer, chunk.byteOffset, chunk.length));
    });
    return connection;
  }

  #flushLater(connection: TcpConnection): void {
    if (this.#unflushed.length === 0) setImmediate(() => this.#flushAll());
    this.#unflushed.push(connection);
  }

  #flushAll(): void {
    const connections = this.#unflushed;
    this.#unflushed = [];
    for (const connection of connections) connection.flush();
  }
}

const RECEIVE_BUFFER_BYTES = 64 * 1024;

/**
 * Then timers and other connections have their turn. libuv's own bound of 32 makes it 20 ms at full speed, in one of a
 * hundred turns; this 16. With 16 it were 13, and with 8 it were 9, but each costs some speed.
 */
const READS_AT_ONCE = 24;

/** Ports never answer before the call returns, not even to say that an argument is wrong. */
function soon(act: () => unknown, fail: (error: NodeJS.ErrnoException) => void): void {
  setImmediate(() => {
    try {
      act();
    } catch (error) {
      fail(error instanceof Error ? error : new Error(String(error)));
    }
  });
}

function addressOf(server: Server, host: string): PeerAddress {
  const address: AddressInfo | string | null = server.address();
  if (address === null || typeof address === 'string') throw new TypeError(`a server at ${host} must have an address`);
  return { host: plainHost(address.address), port: address.port };
}

/** IPv4 on a socket for both families is written ::ffff:1.2.3.4. */
function plainHost(host: string): string {
  return host.startsWith('::ffff:') && host.includes('.') ? host.slice('::ffff:'.length) : host;
}

function listenFailure(error: NodeJS.ErrnoException, host: string, port: number): string {
  const reasons: Readonly<Record<string, string>> = {
    EADDRINUSE: `another program has port ${port}; choose another, or 0 for any that is free`,
    EADDRNOTAVAIL: `this machine has no address ${host}`,
    EACCES: 'ports below 1024 need special rights; choose a higher one',
  };
  return `cannot listen at ${formatPeerAddress({ host, port })}: ${reasons[error.code ?? ''] ?? error.message}`;
}

function dialFailure(error: NodeJS.ErrnoException, address: PeerAddress): string {
  const reasons: Readonly<Record<string, string>> = {
    ECONNREFUSED: 'nobody listens there',
    ENOTFOUND: `the name ${address.host} is not known`,
    EAI_AGAIN: `the name ${address.host} cannot be looked up`,
    EHOSTUNREACH: 'it cannot be reached from here',
    ENETUNREACH: 'it cannot be reached from here',
  };
  return `cannot connect to ${formatPeerAddress(address)}: ${reasons[error.code ?? ''] ?? error.message}`;
}
