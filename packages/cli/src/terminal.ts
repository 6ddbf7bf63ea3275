/** The process around a command, as far as the command line may know it. */
export interface Terminal {
  readonly stdout: OutputStream;
  readonly stderr: OutputStream;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Milliseconds from an arbitrary origin; never goes back. */
  now(): number;
}

/** A stream of text; `isTTY` and `columns` are there if a person looks at it. */
export interface OutputStream extends NodeJS.WritableStream {
  readonly isTTY?: boolean;
  readonly columns?: number;
}

/**
 * Whether colour is wanted on a stream: only for a person, and not if they said no.
 *
 * @see https://no-color.org: any non-empty value of NO_COLOR forbids colour
 */
export function wantsColor(stream: OutputStream, environment: Terminal['environment']): boolean {
  return stream.isTTY === true && !environment['NO_COLOR'] && environment['TERM'] !== 'dumb';
}
