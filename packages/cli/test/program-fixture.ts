import { createProgram } from '../src/index.js';
import { FakeRuntime } from './fake-runtime.js';
import { FakeTerminal } from './fake-terminal.js';

export const HASH = '0123456789abcdef0123456789abcdef01234567';

/** The command line between a runtime and a terminal that write down what they are told. */
export class ProgramFixture {
  readonly runtime = new FakeRuntime();
  terminal = new FakeTerminal();

  /** Runs the command line as a shell would split it; no quoting. */
  async run(commandLine: string, signal: AbortSignal = new AbortController().signal): Promise<number> {
    const words = commandLine === '' ? [] : commandLine.split(' ');
    return createProgram(this.runtime, this.terminal, '1.2.3').run(words, signal);
  }

  parsedLines(): unknown[] {
    return this.terminal.stdout.lines.map((line): unknown => JSON.parse(line));
  }
}
