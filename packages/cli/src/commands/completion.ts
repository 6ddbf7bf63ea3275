import type { RootCommand } from '@bomb.sh/tab';
import { Argument, type Command } from 'commander';

/** What {@link addCompletionCommands} needs of the rest. */
export interface CompletionParts {
  /** Makes the program anew without these two commands: the completion library adds its own. */
  readonly bareProgram: () => Command;
  readonly print: (text: string) => void;
}

/** `completion SHELL` prints the script a shell is to load; the hidden `complete -- WORDS…` is what that script asks. */
export function addCompletionCommands(program: Command, { bareProgram, print }: CompletionParts): void {
  program
    .command('completion')
    .description('print a completion script for a shell')
    .addArgument(new Argument('<shell>', 'the shell').choices(SHELLS))
    .allowExcessArguments(false)
    .addHelpText('after', EXAMPLES)
    .action(async (shell: string) => {
      const completions = await describeToLibrary(bareProgram());
      const script = caught(() => {
        completions.setup(program.name(), program.name(), shell);
      });
      print(shell === 'bash' ? mendedForBash(script) : script);
    });
  program
    .command('complete', { hidden: true })
    .argument('[words...]')
    .allowUnknownOption()
    .action(async (words: string[]) => {
      const bare = bareProgram();
      const completions = await describeToLibrary(bare);
      const isPath = watchPaths(bare, completions);
      const answer = caught(() => {
        completions.parse(words);
      });
      print(isPath() ? answer.replace(lastLine, FILES_TOO) : answer);
    });
}

/** Loaded only here: nobody else should wait for it. */
async function describeToLibrary(program: Command): Promise<RootCommand> {
  const { default: tab } = await import('@bomb.sh/tab/commander');
  const completions = tab(program, { completionCommandName: 'completion' });
  // It describes its own command, with shells of which ours has no script.
  completions.commands.get('completion')?.argument('shell', (complete) => {
    for (const shell of SHELLS) complete(shell, '');
  });
  return completions;
}

/**
 * Notes whether the library comes to complete an argument or an option that is a path: it knows the place in the command
 * line, but always answers that no file is wanted.
 */
function watchPaths(program: Command, completions: RootCommand): () => boolean {
  let isPath = false;
  const onPath = () => {
    isPath = true;
  };
  for (const command of [program, ...program.commands]) {
    const described = command === program ? completions : completions.commands.get(command.name());
    for (const option of command.options) {
      const known = described?.options.get(option.name());
      if (known !== undefined && pathOption.test(option.flags)) known.handler = onPath;
    }
    for (const argument of command.registeredArguments) {
      const known = described?.arguments.get(argument.name());
      if (known !== undefined && PATH_ARGUMENTS.includes(argument.name())) known.handler = onPath;
    }
  }
  return () => isPath;
}

/** What the library prints: it knows only `console.log`, and gives no text that could be mended. */
function caught(speak: () => void): string {
  const { log } = console;
  const lines: string[] = [];
  console.log = (line: string) => {
    lines.push(line);
  };
  try {
    speak();
  } finally {
    console.log = log;
  }
  return `${lines.join('\n')}\n`;
}

/**
 * Numbers in the place of read-only variables, which complain when the script is loaded again, or that of another
 * program by the same library; files where the function finds nothing and has not forbidden them; and the words up to the
 * cursor as they are, where the library's script would have bash evaluate the whole line: `$(…)` ran when Tab was pressed.
 */
function mendedForBash(script: string): string {
  const constants = new Map<string, string>();
  const without = script.replaceAll(readonlyLine, (_line, name: string, value: string) => {
    constants.set(name, value);
    return '';
  });
  return without
    .replaceAll(/\$(ShellComp\w+)/g, (used, name: string) => constants.get(name) ?? used)
    .replace('# Define shell completion directives\n\n', '')
    .replace('local requestComp out directive', 'local out directive')
    .replace(evaluatedRequest, 'out=$$(p2p-peer complete -- "$${words[@]:1:cword}" 2>/dev/null)')
    .replace(/^complete -F /m, 'complete -o default -F ');
}

const SHELLS = ['bash', 'zsh', 'fish'] as const;

/** The values that are paths, or may be one, by what help calls them. */
const pathOption = /<(?:path|file|folder)>/;
const PATH_ARGUMENTS = ['path', 'file', 'source'];

/** The answer ends in what the shell is to do besides; 0 is the default, to complete files where no word fits. */
const lastLine = /:\d+\n$/;
const FILES_TOO = ':0\n';

const evaluatedRequest = /# Build the command[^]*?\$\(eval "\$requestComp" 2>\/dev\/null\)/;

const readonlyLine = /^readonly (\w+)=(\d+)\n/gm;

const EXAMPLES = `
Examples:
  $ p2p-peer completion bash > ~/.local/share/bash-completion/completions/p2p-peer
  $ p2p-peer completion zsh > ~/.zsh/completions/_p2p-peer
  $ p2p-peer completion fish > ~/.config/fish/completions/p2p-peer.fish

Make the folder first if it is missing. Bash needs the package bash-completion; in zsh the folder must be one of $fpath.`;
