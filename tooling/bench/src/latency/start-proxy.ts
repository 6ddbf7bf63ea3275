import { numberField, type PeerAddress } from '@p2p/interop';

import { ChildScript } from '../child-script.js';

/** A line between two peers. */
export interface Line {
  readonly bytesPerSecond: number;
  readonly roundTripMs: number;
}

/** The user-space proxy as a process of its own: what it costs is not on anybody's event loop. */
export class DelayProxy {
  readonly address: PeerAddress;
  readonly #script: ChildScript;

  /** Fulfils when peers can be dialled through it. */
  static async start(address: PeerAddress, target: PeerAddress, line: Line): Promise<DelayProxy> {
    const args = [address.host, address.port, target.host, target.port, line.bytesPerSecond, line.roundTripMs];
    return new DelayProxy(address, await ChildScript.start('delay-proxy', args));
  }

  private constructor(address: PeerAddress, script: ChildScript) {
    this.address = address;
    this.#script = script;
  }

  /** What the target sent: bytes a second between the first and the last that arrived. */
  async bytesPerSecond(): Promise<number> {
    const found = { ...(await this.#script.ask()) };
    const [bytes, firstMs, lastMs] = ['bytes', 'firstMs', 'lastMs'].map((name) => numberField(found, name));
    return (1000 * Number(bytes)) / (Number(lastMs) - Number(firstMs));
  }

  stop(): void {
    this.#script.stop();
  }
}
