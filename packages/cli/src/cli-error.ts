/**
 * A failure to be told to the person at the command line.
 *
 * - `usage`: the command line is wrong or not specific enough (exit code 2)
 * - `bad-pieces`: content does not match its metainfo
 * - `sha1-mismatch`: every piece is right, but not the SHA-1 of the whole file that the metainfo promises
 * - `not-found`, `refused`: a file, a peer or a share that was named is not there, or must not be touched
 * - `port-taken`: the listening port belongs to another process
 * - `failed`: anything else that the message explains
 */
export class CliError extends Error {
  readonly code: CliErrorCode;

  /** @param message names the thing, what was expected, what was found, and what to do */
  constructor(code: CliErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'CliError';
    this.code = code;
  }
}

export type CliErrorCode = 'usage' | 'bad-pieces' | 'sha1-mismatch' | 'not-found' | 'refused' | 'port-taken' | 'failed';
