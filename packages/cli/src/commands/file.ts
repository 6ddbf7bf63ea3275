import { type Command, InvalidArgumentError, Option } from 'commander';

import { CliError } from '../cli-error.js';
import type { CommandHost } from '../command-host.js';
import { addNodeOptions, addOutputOptions, allOptions, checked, nodeSettings, pieceSizeOption } from '../options.js';
import { parsePath } from '../parse-values.js';

/** The form without a command: `p2p-peer --port N --file PATH [--peer HOST:PORT]…`. */
export function addFileForm(program: Command, host: CommandHost): void {
  program
    .usage('--file <path> [--port <number>] [--peer <host:port>]… | <command> …')
    .addOption(
      new Option(
        '--file <path>',
        'share this file; if it is not there, fetch it from --peer to here, then share it',
      ).argParser(onlyPath),
    )
    .addOption(pieceSizeOption())
    .allowExcessArguments();
  addOutputOptions(addNodeOptions(program));
  program.action(async () => {
    await host.perform(program, async (context) => {
      const options = allOptions(program);
      const [stray] = program.args;
      if (stray !== undefined) throw new CliError('usage', unknownCommandMessage(program, stray));
      if (options.file === undefined) {
        throw new CliError('usage', 'nothing to do: name a file with --file PATH, or a command (see p2p-peer --help)');
      }
      await host.runtime.file(
        {
          ...nodeSettings(options),
          path: options.file,
          ...(options.pieceSize === undefined ? {} : { pieceBytes: options.pieceSize }),
        },
        context,
      );
    });
  });
}

/** Of two files the first would be left out without a word. */
function onlyPath(text: string, before: string | undefined): string {
  if (before === undefined) return checked(parsePath)(text);
  throw new InvalidArgumentError('It is the second one; p2p-peer share takes several paths.');
}

/** Names the commands there are. */
export function unknownCommandMessage(program: Command, found: string): string {
  const names = program
    .createHelp()
    .visibleCommands(program)
    .map((command) => command.name());
  return `there is no command "${found}"; the commands are ${names.join(', ')}`;
}
