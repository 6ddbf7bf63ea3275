/** The process around a command, as far as the command line may know it. */
export interface Terminal {
  readonly stdout: OutputStream;
  readonly stderr: OutputStream;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Milliseconds from an arbitrary origin; never goes back. */
  now(): number;
}

/** A stream of text; what it says of itself is there if a person looks at it. A size of 0 is one that is not known. */
export interface OutputStream extends NodeJS.WritableStream {
  readonly isTTY?: boolean;
  readonly columns?: number;
  readonly rows?: number;
}

/** The width of a terminal that does not know its own. */
export const DEFAULT_COLUMNS = 80;

/** Whether a stream is a terminal that does what escape sequences say; TERM=dumb (an editor's shell, a recorder) would show them. */
export function isSteerable(stream: OutputStream, environment: Terminal['environment']): boolean {
  return stream.isTTY === true && environment['TERM'] !== 'dumb';
}

/**
 * Whether colour is wanted on a stream: only for a person, and not if they said no.
 *
 * @see https://no-color.org: any non-empty value of NO_COLOR forbids colour
 */
export function wantsColor(stream: OutputStream, environment: Terminal['environment']): boolean {
  return isSteerable(stream, environment) && !environment['NO_COLOR'];
}
