import { createServer, type IncomingMessage, type Server } from 'node:http';

import { formatAddress, type PeerAddress } from '@p2p/interop';

import { LONGEST_RUN_MS } from './program.js';

/** The least tracker (BEP 3, BEP 23) that brings peers together which cannot be told each other's address. */
export class HttpTracker {
  readonly #server: Server;
  readonly #peers = new Map<string, PeerAddress>();
  readonly #watchers = new Map<string, () => void>();

  static urlAt(host: string): string {
    return `http://${host}:${PORT}/announce`;
  }

  static async start(host: string): Promise<HttpTracker> {
    const tracker = new HttpTracker();
    await new Promise<void>((resolve, reject) => {
      tracker.#server.once('error', reject).listen(PORT, host, resolve);
    });
    tracker.url = HttpTracker.urlAt(host);
    return tracker;
  }

  url = '';

  private constructor() {
    this.#server = createServer((request, response) => response.end(this.#handleAnnounce(request)));
  }

  /**
   * Fulfils when this peer has announced itself.
   *
   * @throws {Error} when it does not
   */
  async announced(peer: PeerAddress): Promise<void> {
    const address = formatAddress(peer);
    if (this.#peers.has(address)) return;
    await new Promise<void>((resolve, reject) => {
      const fail = (): void =>
        reject(new Error(`${address} did not announce itself within ${LONGEST_RUN_MS / 1000} s`));
      const timer = setTimeout(fail, LONGEST_RUN_MS);
      this.#watchers.set(address, () => {
        clearTimeout(timer);
        resolve();
      });
    });
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #handleAnnounce(request: IncomingMessage): Uint8Array {
    const port = Number(new URL(request.url ?? '', 'http://tracker').searchParams.get('port'));
    const host = request.socket.remoteAddress ?? '';
    const others = [...this.#peers.values()];
    this.#peers.set(formatAddress({ host, port }), { host, port });
    this.#watchers.get(formatAddress({ host, port }))?.();
    const compact = others.flatMap((peer) => [...peer.host.split('.').map(Number), peer.port >> 8, peer.port & 255]);
    return Buffer.concat([
      Buffer.from(`d8:intervali60e5:peers${compact.length}:`),
      Uint8Array.from(compact),
      Buffer.from('e'),
    ]);
  }
}

const PORT = 6969;
