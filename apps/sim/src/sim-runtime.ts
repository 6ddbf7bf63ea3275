import type { Terminal } from '@p2p/cli';

import type { Interruption } from './interruption.js';
import type { CleanUp } from './run/clean-up.js';
import type { TextStream } from './run/display.js';
import type { NodeProgram } from './run/node-process.js';
import type { Environment } from './sweep/shard.js';

/** The world around the program. `main.ts` gives it the real one, tests one of their own. */
export interface SimRuntime {
  /** Of this package. */
  readonly version: string;
  readonly terminal: Pick<Terminal, 'now'> & { readonly stdout: TextStream; readonly stderr: TextStream };
  readonly platform: string;
  /** The process's environment variables: a scheduler says in them which share of a sweep is ours. */
  readonly environment: Environment;
  readonly interruption: Interruption;
  readonly cleanUp: CleanUp;
  /** @throws {SimError} `no-node-program` */
  readonly findNodeProgram: () => NodeProgram;
}
