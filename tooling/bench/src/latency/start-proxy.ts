import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';

import { formatAddress, numberField, type PeerAddress } from '@p2p/interop';

import { scriptPath } from '../script-path.js';

/** A line between two peers. */
export interface Line {
  readonly bytesPerSecond: number;
  readonly roundTripMs: number;
}

/** The user-space proxy as a process of its own: what it costs is not on anybody's event loop. */
export class DelayProxy {
  readonly address: PeerAddress;
  readonly #process: ChildProcess;

  /** Fulfils when peers can be dialled through it. */
  static async start(address: PeerAddress, target: PeerAddress, line: Line): Promise<DelayProxy> {
    const args = [address.host, address.port, target.host, target.port, line.bytesPerSecond, line.roundTripMs];
    const child = fork(scriptPath('delay-proxy'), args.map(String));
    const exited = once(child, 'exit').then(() => {
      throw new Error(`the proxy at ${formatAddress(address)} ended`);
    });
    await Promise.race([once(child, 'message'), exited]);
    exited.catch(() => undefined);
    return new DelayProxy(address, child);
  }

  private constructor(address: PeerAddress, child: ChildProcess) {
    this.address = address;
    this.#process = child;
  }

  /** What the target sent: bytes a second between the first and the last that arrived. */
  async bytesPerSecond(): Promise<number> {
    const answered = once(this.#process, 'message');
    this.#process.send('tell');
    const found: unknown = (await answered)[0];
    if (typeof found !== 'object' || found === null) throw new Error('the proxy tells nothing');
    const [bytes, firstMs, lastMs] = ['bytes', 'firstMs', 'lastMs'].map((name) => numberField({ ...found }, name));
    return (1000 * Number(bytes)) / (Number(lastMs) - Number(firstMs));
  }

  stop(): void {
    this.#process.kill('SIGKILL');
  }
}
