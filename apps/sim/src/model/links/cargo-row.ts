import type { Cargo } from './link-model.js';

/** Cargo that waits, first come first served. It stands in one row at a time, so the row is made of the cargo itself. */
export class CargoRow {
  #first: Cargo | undefined;
  #last: Cargo | undefined;

  get first(): Cargo | undefined {
    return this.#first;
  }

  push(cargo: Cargo): void {
    cargo.next = undefined;
    if (this.#last === undefined) this.#first = cargo;
    else this.#last.next = cargo;
    this.#last = cargo;
  }

  shift(): Cargo | undefined {
    const cargo = this.#first;
    if (cargo === undefined) return undefined;
    this.#first = cargo.next;
    if (this.#first === undefined) this.#last = undefined;
    cargo.next = undefined;
    return cargo;
  }

  clear(): void {
    this.#first = undefined;
    this.#last = undefined;
  }
}
