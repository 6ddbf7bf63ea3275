/**
 * What is to happen, by time, and at one time in the order of being pushed.
 *
 * A heap of four children a node over typed arrays, so that neither pushing nor taking allocates. Each entry knows its
 * place: a removed one is gone at once, which matters because nodes cancel far more wake-ups than they live to see. What is
 * pushed for the very instant that is being worked off, as half of all events are, passes by the heap through a plain list:
 * everything in the heap for that instant was pushed before it.
 */
export class WakeUpQueue {
  #times = new Float64Array(INITIAL_CAPACITY);
  #sequences = new Float64Array(INITIAL_CAPACITY);
  /** The entry at each place of the heap. */
  #entries = new Int32Array(INITIAL_CAPACITY);
  #heapSize = 0;
  /** By entry: its place in the heap, or what else it is. */
  #places = new Int32Array(INITIAL_CAPACITY);
  /** By entry: counts its uses, so that an old ticket removes nothing new. */
  #uses = new Float64Array(INITIAL_CAPACITY);
  readonly #acts: (Act | undefined)[] = [];
  readonly #arguments: unknown[] = [];
  readonly #free: number[] = [];
  #immediate: number[] = [];
  #immediateHead = 0;
  #immediateCount = 0;
  #immediateAt = -Infinity;
  #sequence = 0;

  get size(): number {
    return this.#heapSize + this.#immediateCount;
  }

  /** The time of the first entry; Infinity if there is none. */
  get nextAt(): number {
    if (this.#immediateCount > 0) return this.#immediateAt;
    return this.#heapSize === 0 ? Infinity : at(this.#times, 0);
  }

  /** Adds an entry, and returns a ticket to remove it with. `time` is not before that of the entry taken last. */
  push<T>(time: number, act: (argument: T) => void, argument: T): number {
    const entry = this.#free.pop() ?? this.#newEntry();
    // eslint-disable-next-line p2p/no-type-assertion -- an entry's act is only ever given the argument beside it
    this.#acts[entry] = act as Act;
    this.#arguments[entry] = argument;
    if (time === this.#immediateAt) {
      this.#places[entry] = IMMEDIATE;
      this.#immediate.push(entry);
      this.#immediateCount += 1;
    } else {
      const place = this.#heapSize++;
      this.#rise(place, entry, time, this.#sequence++);
    }
    return at(this.#uses, entry) * TICKET_FACTOR + entry;
  }

  /** Takes an entry out. Nothing happens if it was taken or removed already. */
  remove(ticket: number): void {
    const entry = ticket % TICKET_FACTOR;
    if (at(this.#uses, entry) !== Math.floor(ticket / TICKET_FACTOR)) return;
    const place = at(this.#places, entry);
    if (place === IMMEDIATE) {
      // It stays in the list as a hole; the entry is free again when the list comes to it.
      this.#places[entry] = HOLE;
      this.#acts[entry] = undefined;
      this.#arguments[entry] = undefined;
      this.#uses[entry] = at(this.#uses, entry) + 1;
      this.#immediateCount -= 1;
      if (this.#immediateCount === 0) this.#clearImmediate();
      return;
    }
    this.#release(entry);
    this.#fill(place);
  }

  /** Takes the first entry and lets it happen. There must be one. */
  takeFirst(): void {
    const entry = this.#first();
    const act = this.#acts[entry];
    const argument = this.#arguments[entry];
    this.#release(entry);
    act?.(argument);
  }

  #first(): number {
    // What the heap has for this instant was pushed earlier than what is in the list.
    const isHeapFirst = this.#heapSize > 0 && (this.#immediateCount === 0 || at(this.#times, 0) <= this.#immediateAt);
    if (!isHeapFirst) return this.#takeImmediate();
    const time = at(this.#times, 0);
    if (this.#immediateCount === 0) {
      this.#clearImmediate();
      this.#immediateAt = time;
    }
    const entry = at(this.#entries, 0);
    this.#fill(0);
    return entry;
  }

  #takeImmediate(): number {
    for (;;) {
      const entry = this.#immediate[this.#immediateHead++] ?? 0;
      if (this.#places[entry] === HOLE) {
        this.#free.push(entry);
        continue;
      }
      this.#immediateCount -= 1;
      if (this.#immediateCount === 0) this.#clearImmediate();
      return entry;
    }
  }

  /** Nothing is left in the list but holes. */
  #clearImmediate(): void {
    for (; this.#immediateHead < this.#immediate.length; this.#immediateHead++) {
      this.#free.push(this.#immediate[this.#immediateHead] ?? 0);
    }
    this.#immediate.length = 0;
    this.#immediateHead = 0;
  }

  #release(entry: number): void {
    this.#uses[entry] = at(this.#uses, entry) + 1;
    this.#acts[entry] = undefined;
    this.#arguments[entry] = undefined;
    this.#free.push(entry);
  }

  #newEntry(): number {
    const entry = this.#acts.length;
    if (entry === this.#places.length) this.#grow();
    this.#acts.push(undefined);
    this.#arguments.push(undefined);
    return entry;
  }

  /** The last of the heap goes to `place`, whose entry is gone. */
  #fill(place: number): void {
    const last = --this.#heapSize;
    if (place === last) return;
    const [entry, time, sequence] = [at(this.#entries, last), at(this.#times, last), at(this.#sequences, last)];
    if (place > 0 && this.#isBefore(time, sequence, (place - 1) >> 2)) this.#rise(place, entry, time, sequence);
    else this.#sink(place, entry, time, sequence);
  }

  #rise(from: number, entry: number, time: number, sequence: number): void {
    let place = from;
    while (place > 0) {
      const parent = (place - 1) >> 2;
      if (!this.#isBefore(time, sequence, parent)) break;
      this.#move(parent, place);
      place = parent;
    }
    this.#put(place, entry, time, sequence);
  }

  #sink(from: number, entry: number, time: number, sequence: number): void {
    const size = this.#heapSize;
    let place = from;
    for (;;) {
      const child = this.#firstChild(place, size);
      if (child < 0 || this.#isBefore(time, sequence, child)) break;
      this.#move(child, place);
      place = child;
    }
    this.#put(place, entry, time, sequence);
  }

  #firstChild(place: number, size: number): number {
    const start = place * 4 + 1;
    if (start >= size) return -1;
    const end = Math.min(start + 4, size);
    let best = start;
    for (let child = start + 1; child < end; child++) {
      if (this.#isBefore(at(this.#times, child), at(this.#sequences, child), best)) best = child;
    }
    return best;
  }

  #isBefore(time: number, sequence: number, place: number): boolean {
    const other = at(this.#times, place);
    return time < other || (time === other && sequence < at(this.#sequences, place));
  }

  #move(from: number, to: number): void {
    const entry = at(this.#entries, from);
    this.#put(to, entry, at(this.#times, from), at(this.#sequences, from));
  }

  #put(place: number, entry: number, time: number, sequence: number): void {
    this.#times[place] = time;
    this.#sequences[place] = sequence;
    this.#entries[place] = entry;
    this.#places[entry] = place;
  }

  #grow(): void {
    const capacity = this.#places.length * 2;
    this.#times = grown(this.#times, new Float64Array(capacity));
    this.#sequences = grown(this.#sequences, new Float64Array(capacity));
    this.#uses = grown(this.#uses, new Float64Array(capacity));
    this.#entries = grown(this.#entries, new Int32Array(capacity));
    this.#places = grown(this.#places, new Int32Array(capacity));
  }
}

type Act = (argument: unknown) => void;

function at(numbers: Float64Array | Int32Array, index: number): number {
  return numbers[index] ?? 0;
}

function grown<T extends Float64Array | Int32Array>(from: T, to: T): T {
  to.set(from);
  return to;
}

const INITIAL_CAPACITY = 1_024;
/** Places of entries that are not in the heap. */
const IMMEDIATE = -1;
const HOLE = -2;
/** A ticket is the entry's use times this, plus the entry. 2^26 entries, 2^27 uses of each. */
const TICKET_FACTOR = 2 ** 26;
