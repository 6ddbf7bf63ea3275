import type { Command } from 'commander';

import { unknownCommandMessage } from './file.js';

/** `help [COMMAND]`, for those who try this first: what `--help` prints. */
export function addHelpCommand(program: Command): void {
  program
    .command('help')
    .description('tell more about a command')
    .argument('[command]', 'its name')
    .action((name: string | undefined) => {
      const command = name === undefined ? program : program.commands.find((known) => known.name() === name);
      if (command === undefined) program.error(unknownCommandMessage(program, name ?? ''));
      command.outputHelp();
    });
}
