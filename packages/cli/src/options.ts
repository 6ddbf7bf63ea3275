import { hostBytes, type PeerAddress } from '@p2p/wire';
import { type Command, InvalidArgumentError, Option } from 'commander';

import { CliError } from './cli-error.js';
import { LOG_LEVELS, type LogLevel } from './log-level.js';
import { parseAddress } from './parse-source.js';
import { parseInteger, parsePath, parsePieceSize, parseRate } from './parse-values.js';
import type { NodeSettings } from './runtime.js';
import type { OutputSettings } from './view.js';

/** The port of the first BitTorrent client, and still where people look first. */
export const DEFAULT_PORT = 6881;

/** Every option of every command, as it stands after parsing; absent where it was not given. */
export interface Options {
  readonly port?: number;
  readonly bind?: string;
  readonly peer?: readonly PeerAddress[];
  readonly limitUp?: number;
  readonly limitDown?: number;
  readonly maxPeers?: number;
  readonly unlisted?: boolean;
  readonly stateDir?: string;
  readonly json?: boolean;
  readonly quiet?: boolean;
  readonly logLevel?: LogLevel;
  readonly file?: string;
  readonly pieceSize?: number;
  readonly torrentOut?: string;
  readonly out?: string;
  readonly exit?: boolean;
  readonly seedRatio?: number;
  readonly seedTime?: number;
  readonly sequential?: boolean;
  readonly force?: boolean;
  readonly name?: string;
  readonly private?: boolean;
}

/** Adds the options of a command that opens a node. Defaults are applied by `nodeSettings`, not by the parser. */
export function addNodeOptions(command: Command): Command {
  return command
    .addOption(
      option('--port <number>', `port to listen on; 0 picks one (default: ${DEFAULT_PORT})`, (text) =>
        parseInteger(text, 0, 65_535),
      ),
    )
    .addOption(bindOption())
    .addOption(
      new Option('--peer <host:port>', 'a peer to start from (repeatable)').argParser(
        (text: string, others: readonly PeerAddress[] | undefined) => [...(others ?? []), checked(parseAddress)(text)],
      ),
    )
    .addOption(option('--limit-up <rate>', 'upload at most this much a second, such as 500K or 2MiB', parseRate))
    .addOption(option('--limit-down <rate>', 'download at most this much a second', parseRate))
    .addOption(
      option('--max-peers <number>', 'connections at most (default: 200)', (text) => parseInteger(text, 1, 10_000)),
    )
    .option('--unlisted', 'do not name this to peers who ask what is shared')
    .addOption(
      option(
        '--state-dir <folder>',
        'where the state of downloads is kept (default: the user’s state folder)',
        parsePath,
      ),
    );
}

/** Adds the options of every command. */
export function addOutputOptions(command: Command): Command {
  return command
    .option('--json', 'one JSON object a line on stdout, nothing else')
    .option('--quiet', 'print results and errors only')
    .addOption(
      new Option('--log-level <level>', 'diagnostics on stderr (default: info; with --quiet: error)').choices(
        LOG_LEVELS,
      ),
    );
}

/** `--bind`, also for commands that only dial. */
export function bindOption(): Option {
  return option('--bind <address>', 'local address to listen on and to dial from (default: all)', (text) => {
    if (hostBytes(text) !== undefined) return text;
    throw new CliError('usage', `expected an IPv4 or IPv6 address, got "${text}"`);
  });
}

/** `--piece-size`, for commands that make metainfo. */
export function pieceSizeOption(): Option {
  return option('--piece-size <size>', 'bytes of a piece, a power of two (default: 64KiB up to 1 GiB)', parsePieceSize);
}

/** An option whose text is checked while the command line is read, so that the message names the option. */
export function option(flags: string, description: string, parse: (text: string) => unknown): Option {
  return new Option(flags, description).argParser(checked(parse));
}

/** The argument `<path...>`: one path after the other, each checked. */
export function gatherPaths(text: string, before: readonly string[] | undefined): readonly string[] {
  return [...(before ?? []), checked(parsePath)(text)];
}

/** A parser whose complaints the command line completes with the option or argument they belong to. */
export function checked<T>(parse: (text: string) => T): (text: string) => T {
  return (text) => {
    try {
      return parse(text);
    } catch (error) {
      if (error instanceof CliError) throw new InvalidArgumentError(`${error.message}.`);
      throw error;
    }
  };
}

/** All options of a command, those given before its name included; addresses of peers add up. */
export function allOptions(command: Command): Options {
  const own = command.opts<Options>();
  const outer = command.parent?.opts<Options>() ?? {};
  const peer = [...(outer.peer ?? []), ...(own.peer ?? [])];
  return { ...outer, ...own, ...(peer.length > 0 ? { peer } : {}) };
}

/** The node's settings with every default in its place. */
export function nodeSettings(options: Options): NodeSettings {
  return {
    port: options.port ?? DEFAULT_PORT,
    ...(options.bind === undefined ? {} : { bind: options.bind }),
    peers: options.peer ?? [],
    ...(options.limitUp === undefined ? {} : { uploadBytesPerSecond: options.limitUp }),
    ...(options.limitDown === undefined ? {} : { downloadBytesPerSecond: options.limitDown }),
    ...(options.maxPeers === undefined ? {} : { maxPeers: options.maxPeers }),
    isListed: options.unlisted !== true,
    ...(options.stateDir === undefined ? {} : { stateDir: options.stateDir }),
  };
}

/** The choices of output with every default in its place. */
export function outputSettings(options: Options): OutputSettings {
  const quiet = options.quiet === true;
  return { json: options.json === true, quiet, logLevel: options.logLevel ?? (quiet ? 'error' : 'info') };
}
