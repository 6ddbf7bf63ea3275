import { samePeerAddress, type PeerAddress } from '@p2p/wire';

/** Our own addresses, as far as we met ourselves: never to be dialled again. */
export class SelfAddresses {
  readonly #addresses: PeerAddress[] = [];

  get all(): readonly PeerAddress[] {
    return this.#addresses;
  }

  add(address: PeerAddress): void {
    if (this.has(address)) return;
    this.#addresses.push(address);
    if (this.#addresses.length > MAX_ADDRESSES) this.#addresses.shift();
  }

  has(address: PeerAddress): boolean {
    return this.#addresses.some((self) => samePeerAddress(self, address));
  }
}

const MAX_ADDRESSES = 16;
