/**
 * Checks what must be so if this code is right. Never caught: the process stops, the simulator prints its seed.
 *
 * @throws {Error} if `condition` is false
 */
export function assert(condition: boolean, why: string): asserts condition {
  if (!condition) throw new Error(`bug: ${why}`);
}
