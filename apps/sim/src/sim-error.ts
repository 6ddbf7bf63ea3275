/**
 * Why a run could not be done, for programs.
 *
 * - `bad-option`: an option's value, or two options together, make no sense
 * - `no-node-program`: the node to spawn is not built
 * - `no-room`: neither memory nor disk has room for every copy
 * - `node-failed`: a node's process ended, or could not start, although nobody asked it to stop
 * - `stalled`: no node received anything for too long
 * - `interrupted`: a person, or the system, asked us to stop
 * - `not-written`: what was found out cannot be written down
 * - `bad-results`: what a report is to be drawn from is not there, or is no result
 */
export type SimErrorCode =
  | 'bad-option'
  | 'no-node-program'
  | 'no-room'
  | 'node-failed'
  | 'stalled'
  | 'interrupted'
  | 'not-written'
  | 'bad-results';

/** A failure whose message is written for the person who typed the command: what happened, and what to do. */
export class SimError extends Error {
  readonly code: SimErrorCode;

  constructor(code: SimErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'SimError';
    this.code = code;
  }
}

/** What was thrown says of itself: to be told within a message of ours. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
