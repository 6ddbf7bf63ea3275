import { BLOCK_BYTES, type BlockRef } from '@p2p/wire';

import { blockKey } from '../pieces/block-key.js';

/**
 * What one peer asked of us and has not got yet, in the order in which it asked.
 *
 * Holds at most as many blocks as we advertised (BEP 10, `reqq`): a peer that asks for more gets rejects, not our memory.
 */
export class UploadQueue {
  readonly #limit: number;
  /** None until something is asked for: most sessions of a large swarm never ask. */
  #blocks: Map<RequestKey, BlockRef> | undefined;
  /** Where we have come to. Map iterators see what is added later, so no entry is looked at twice. */
  #cursor: MapIterator<BlockRef> | undefined;
  /** The first one, once somebody has looked at it: the cursor is past it. */
  #head: BlockRef | undefined;

  /** @param limit the most blocks that wait at a time */
  constructor(limit: number) {
    this.#limit = limit;
  }

  get length(): number {
    return this.#blocks?.size ?? 0;
  }

  /** Adds a request; `duplicate` if the very same one waits already. */
  enqueue(block: BlockRef): 'queued' | 'full' | 'duplicate' {
    const key = requestKey(block);
    if (this.#blocks?.has(key) === true) return 'duplicate';
    if (this.length >= this.#limit) return 'full';
    this.#blocks ??= new Map();
    this.#blocks.set(key, block);
    return 'queued';
  }

  /** Takes a request back; false if it does not wait (any more). */
  cancel(block: BlockRef): boolean {
    const queued = this.#blocks?.get(requestKey(block));
    if (queued === undefined) return false;
    this.#remove(queued);
    return true;
  }

  /** The request that waits longest; it stays. */
  peek(): BlockRef | undefined {
    this.#head ??= this.#advance();
    return this.#head;
  }

  /** Takes out the request that waits longest. */
  next(): BlockRef | undefined {
    const block = this.peek();
    if (block !== undefined) this.#remove(block);
    return block;
  }

  /** Takes out all requests but those that `keep` admits, and returns them: with BEP 6 each wants a reject. */
  clear(keep: (block: BlockRef) => boolean = () => false): BlockRef[] {
    const removed = [...(this.#blocks?.values() ?? [])].filter((block) => !keep(block));
    for (const block of removed) this.#remove(block);
    return removed;
  }

  #remove(block: BlockRef): void {
    this.#blocks?.delete(requestKey(block));
    if (this.#head === block) this.#head = undefined;
  }

  #advance(): BlockRef | undefined {
    // An exhausted iterator stays so, even when the map gets new entries: then a new one begins.
    const result = this.#cursor?.next();
    return result?.done === false ? result.value : this.#restart();
  }

  #restart(): BlockRef | undefined {
    this.#cursor = this.#blocks?.values();
    const result = this.#cursor?.next();
    return result?.done === false ? result.value : undefined;
  }
}

type RequestKey = number | string;

/**
 * A request is all three numbers (BEP 3): two that begin at the same place and differ in length are two, and each is answered.
 * Nearly all are of a whole block, and have a number for a key.
 */
function requestKey(block: BlockRef): RequestKey {
  const key = blockKey(block);
  return block.length === BLOCK_BYTES ? key : `${key} ${block.length}`;
}
