import { CliError } from '@p2p/cli';
import { InvalidArgumentError, Option } from 'commander';

/** Lets commander say which option a value was given to, when the value cannot be read. */
export function argument<T>(parse: (text: string) => T): (text: string) => T {
  return (text) => {
    try {
      return parse(text);
    } catch (error) {
      if (error instanceof CliError && error.code === 'usage') throw new InvalidArgumentError(error.message);
      throw error;
    }
  };
}

/** `--set key=value`, as often as one likes. */
export function settingsOption(description: string): Option {
  const collect = (value: string, before: readonly string[]): readonly string[] => [...before, value];
  return new Option('--set <key=value>', `${description}; may be given several times`)
    .argParser(collect)
    .default([], 'none');
}
