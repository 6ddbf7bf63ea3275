import { CliError, EXIT_CODES } from '@p2p/cli';
import { Command, CommanderError } from 'commander';

import { demoCommand } from './commands/demo-command.js';
import { modelCommand } from './commands/model-command.js';
import { reportCommand } from './commands/report-command.js';
import { runCommand } from './commands/run-command.js';
import { soupCommand } from './commands/soup-command.js';
import { tournamentCommand } from './commands/tournament-command.js';
import { SimError } from './sim-error.js';
import type { SimRuntime } from './sim-runtime.js';

/**
 * The command line of `p2p-sim`.
 *
 * @param finish told the exit code of a command that has run to its end
 */
export function createProgram(runtime: SimRuntime, finish: (exitCode: number) => void): Command {
  const { stdout, stderr } = runtime.terminal;
  const program = new Command('p2p-sim')
    .description('Spawns local peers and measures how a file spreads among them.')
    .version(runtime.version)
    .addHelpText('after', EXAMPLES_AND_EXIT_CODES);
  const commands = [runCommand, modelCommand, tournamentCommand, soupCommand, reportCommand, demoCommand].map(
    (command) => command(runtime, finish),
  );
  for (const command of commands) program.addCommand(command);
  for (const command of [program, ...program.commands]) {
    command
      .exitOverride()
      .showHelpAfterError(`(p2p-sim ${command === program ? '' : `${command.name()} `}--help shows all options)`)
      .configureOutput({
        writeOut: (text) => stdout.write(text),
        writeErr: (text) => stderr.write(text),
        getOutHelpWidth: () => stdout.columns ?? HELP_COLUMNS,
        getErrHelpWidth: () => stderr.columns ?? HELP_COLUMNS,
      });
  }
  return program;
}

/**
 * Runs one command line to its end.
 *
 * @param args without the names of the interpreter and the script
 * @returns the exit code; never rejects for a failure that a person can understand
 */
export async function runProgram(args: readonly string[], runtime: SimRuntime): Promise<number> {
  let exitCode: number = EXIT_CODES.done;
  const program = createProgram(runtime, (code) => {
    exitCode = code;
  });
  try {
    await program.parseAsync(args, { from: 'user' });
    return exitCode;
  } catch (error) {
    return reportError(error, runtime);
  }
}

function reportError(error: unknown, { terminal, interruption }: SimRuntime): number {
  // Commander has already said what is wrong; help that was asked for is no failure.
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT_CODES.done : EXIT_CODES.usage;
  if (!(error instanceof SimError) && !(error instanceof CliError)) throw error;
  terminal.stderr.write(`p2p-sim: ${error.message}\n`);
  if (error.code === 'interrupted') return interruption.exitCode() ?? EXIT_CODES.failed;
  return error.code === 'bad-option' || error.code === 'usage' ? EXIT_CODES.usage : EXIT_CODES.failed;
}

const HELP_COLUMNS = 100;

const EXAMPLES_AND_EXIT_CODES = `
Examples:
  $ p2p-sim demo                                watch a file spread among four nodes
  $ p2p-sim run --peers 16 --size 128MiB        measure it among sixteen
  $ p2p-sim run --help                          all there is to choose

Exit codes: 0 every copy is complete and verified, 1 something failed, 2 the command line is not right,
130 stopped by Ctrl-C (143 by SIGTERM). Whatever the code, no process and no file is left behind.`;
