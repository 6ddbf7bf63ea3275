import { samePeerAddress, type PeerAddress } from '@p2p/wire';

/** Our own addresses, as far as we met ourselves: never to be dialled again. */
export class SelfAddresses {
  readonly #addresses: PeerAddress[] = [];

  get all(): readonly PeerAddress[] {
    return this.#addresses;
  }

  add(address: PeerAddress): void {
    if (this.#addresses.some((self) => samePeerAddress(self, address))) return;
    this.#addresses.push(address);
    if (this.#addresses.length > MAX_ADDRESSES) this.#addresses.shift();
  }
}

const MAX_ADDRESSES = 16;
