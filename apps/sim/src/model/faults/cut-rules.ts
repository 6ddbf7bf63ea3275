import type { SimNetwork } from '../network/sim-network.js';

/** Whether what goes from one host to another is held back. */
export type CutRule = (from: string, to: string) => boolean;

/** Several cuts of one network at once: partitions, clogs, frozen nodes. What no rule holds any more arrives. */
export class CutRules {
  readonly #network: SimNetwork;
  readonly #rules = new Set<CutRule>();

  constructor(network: SimNetwork) {
    this.#network = network;
  }

  /** Returns how to end it. */
  add(rule: CutRule): () => void {
    this.#rules.add(rule);
    this.#apply();
    return () => {
      if (this.#rules.delete(rule)) this.#apply();
    };
  }

  clear(): void {
    this.#rules.clear();
    this.#apply();
  }

  #apply(): void {
    if (this.#rules.size === 0) this.#network.heal();
    else this.#network.cut((from, to) => [...this.#rules].some((rule) => rule(from, to)));
  }
}
