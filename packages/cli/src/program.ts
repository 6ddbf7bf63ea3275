import { printable } from '@p2p/wire';
import { Command, CommanderError } from 'commander';

import { CliError } from './cli-error.js';
import type { CommandHost } from './command-host.js';
import { addCompletionCommands } from './commands/completion.js';
import { addCreateCommand } from './commands/create.js';
import { addFileForm, unknownCommandMessage } from './commands/file.js';
import { addGetCommand } from './commands/get.js';
import { addHelpCommand } from './commands/help.js';
import { addInfoCommand } from './commands/info.js';
import { addListCommand } from './commands/list.js';
import { addShareCommand } from './commands/share.js';
import { addVerifyCommand } from './commands/verify.js';
import { EXIT_CODES, type ExitCode } from './exit-codes.js';
import { jsonLine } from './json-view.js';
import { allOptions, outputSettings } from './options.js';
import type { Runtime } from './runtime.js';
import type { Terminal } from './terminal.js';
import { openView } from './view.js';

/** The command line `p2p-peer`, joined to a runtime and a terminal. */
export interface Program {
  /**
   * Does what the arguments say, to the end.
   *
   * @param argv the arguments, without the names of node and script
   * @param signal aborted when the command must come to its end; the caller knows the exit code of a signal
   */
  run(argv: readonly string[], signal: AbortSignal): Promise<ExitCode>;
}

/**
 * Makes the command line.
 *
 * @example
 * const program = createProgram(runtime, terminal, '1.2.0');
 * process.exitCode = await program.run(process.argv.slice(2), new AbortController().signal);
 */
export function createProgram(runtime: Runtime, terminal: Terminal, version: string): Program {
  return {
    run: async (argv, signal) => {
      const host = new ProgramHost(runtime, terminal, signal);
      const command = buildCommand(host, terminal, version);
      addCompletionCommands(command, {
        bareProgram: () => buildCommand(host, terminal, version),
        print: (text) => terminal.stdout.write(text),
      });
      try {
        await command.parseAsync(argv, { from: 'user' });
      } catch (error) {
        if (!(error instanceof CommanderError)) throw error;
        if (error.exitCode === 0) return EXIT_CODES.done;
        reportUsage(error, command, argv, terminal);
        return EXIT_CODES.usage;
      }
      return host.exitCode;
    },
  };
}

/** Runs one command's work between the opening and the closing of its view. */
class ProgramHost implements CommandHost {
  readonly runtime: Runtime;
  readonly #terminal: Terminal;
  readonly #signal: AbortSignal;
  exitCode: ExitCode = EXIT_CODES.done;

  constructor(runtime: Runtime, terminal: Terminal, signal: AbortSignal) {
    this.runtime = runtime;
    this.#terminal = terminal;
    this.#signal = signal;
  }

  perform: CommandHost['perform'] = async (command, work) => {
    const settings = outputSettings(allOptions(command));
    const view = await openView(settings, this.#terminal);
    try {
      await work({
        emit: (event) => {
          view.show(event);
        },
        log: (level, message) => {
          view.log(level, message);
        },
        report: (events, text) => {
          view.report(events, text);
        },
        signal: this.#signal,
      });
    } catch (error) {
      // What breaks off because we were told to stop is no failure.
      if (this.#signal.aborted) return;
      const { code, message } = describeFailure(error);
      view.show({ kind: 'error', code, message });
      if (code === 'internal' && error instanceof Error) view.log('debug', String(error.stack));
      this.exitCode = code === 'usage' ? EXIT_CODES.usage : EXIT_CODES.failed;
    } finally {
      view.close();
    }
  };
}

function buildCommand(host: CommandHost, terminal: Terminal, version: string): Command {
  const program = new Command('p2p-peer')
    .description('Share and fetch files, peer to peer: no tracker, no server.')
    .version(version)
    .enablePositionalOptions()
    .exitOverride()
    .configureOutput({
      writeOut: (text) => terminal.stdout.write(text),
      writeErr: (text) => terminal.stderr.write(text),
      getOutHelpWidth: () => terminal.stdout.columns ?? HELP_COLUMNS,
      getErrHelpWidth: () => terminal.stderr.columns ?? HELP_COLUMNS,
      getOutHasColors: () => false,
      getErrHasColors: () => false,
      // It is written by who catches it: by then it is known which command was meant.
      outputError: () => undefined,
    })
    .hook('preAction', (_program, command) => {
      refuseForeignOptions(command);
    });
  addShareCommand(program, host);
  addGetCommand(program, host);
  addListCommand(program, host);
  addCreateCommand(program, host);
  addInfoCommand(program, host);
  addVerifyCommand(program, host);
  addHelpCommand(program);
  // Last, for commands would inherit that it takes stray words (to name the commands there are).
  addFileForm(program, host);
  program.addHelpText('after', EXAMPLES);
  return program;
}

/** An option before the command that the command does not have would be read, and then ignored. */
function refuseForeignOptions(command: Command): void {
  const own = command.options.map((option) => option.attributeName());
  const given = command.parent?.options.filter(
    (option) => command.parent?.getOptionValue(option.attributeName()) !== undefined,
  );
  const foreign = given?.find((option) => !own.includes(option.attributeName()));
  if (foreign !== undefined) command.error(`${command.name()} takes no ${foreign.long ?? foreign.flags}`);
}

/** The parser's message, and where more is to be read; a caller who reads JSON gets it as an event too. */
function reportUsage(error: CommanderError, program: Command, argv: readonly string[], terminal: Terminal): void {
  const [word = ''] = program.args;
  const command = program.commands.find((known) => known.name() === word);
  // An option of the command that was meant, most likely.
  const isStray = error.code === 'commander.unknownOption' && command === undefined && !word.startsWith('-');
  const text = isStray ? unknownCommandMessage(program, word) : error.message.trim().replace(/^error: /, '');
  const message = text.replaceAll(/\s*\n\s*/g, ' ');
  const help = `p2p-peer ${command === undefined ? '' : `${word} `}--help`;
  terminal.stderr.write(`p2p-peer: ${printable(message, Infinity)} (see ${help})\n`);
  if (!argv.includes('--json')) return;
  terminal.stdout.write(`${jsonLine({ kind: 'error', code: 'usage', message }) ?? ''}\n`);
}

/** Errors that carry a `code` were meant for people; others are ours to mend, and say so. */
function describeFailure(error: unknown): { readonly code: string; readonly message: string } {
  if (error instanceof CliError) return error;
  if (error instanceof Error && 'code' in error && typeof error.code === 'string') {
    return { code: error.code, message: error.message };
  }
  const text = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return { code: 'internal', message: `unexpected failure, please report it (--log-level debug shows more): ${text}` };
}

const HELP_COLUMNS = 100;

const EXAMPLES = `
Examples:
  $ p2p-peer --port 7001 --file movie.mkv                            share a file
  $ p2p-peer --port 7002 --file copy.mkv --peer 192.168.1.5:7001     fetch it elsewhere, then share it
  $ p2p-peer get 192.168.1.5:7001 --exit                             fetch what a peer shares

p2p-peer <command> --help tells more about a command.`;
