import { Argument, type Command } from 'commander';

/**
 * `completion SHELL` prints the script a shell is to load; the hidden `complete -- WORDS…` is what that script asks.
 *
 * @param bareProgram makes the program anew without these two commands: the completion library adds its own
 */
export function addCompletionCommands(program: Command, bareProgram: () => Command): void {
  program
    .command('completion')
    .description('print a completion script for a shell')
    .addArgument(new Argument('<shell>', 'the shell').choices(['bash', 'zsh', 'fish']))
    .addHelpText('after', EXAMPLES)
    .action(async (shell: string) => {
      const completions = await describeToLibrary(bareProgram());
      completions.setup(program.name(), program.name(), shell);
    });
  program
    .command('complete', { hidden: true })
    .argument('[words...]')
    .allowUnknownOption()
    .action(async (words: string[]) => {
      const completions = await describeToLibrary(bareProgram());
      completions.parse(words);
    });
}

/** Loaded only here: nobody else should wait for it. */
async function describeToLibrary(program: Command) {
  const { default: tab } = await import('@bomb.sh/tab/commander');
  return tab(program, { completionCommandName: 'completion' });
}

const EXAMPLES = `
Examples:
  $ p2p-peer completion bash >> ~/.bashrc
  $ p2p-peer completion zsh > ~/.zsh/completions/_p2p-peer
  $ p2p-peer completion fish > ~/.config/fish/completions/p2p-peer.fish`;
