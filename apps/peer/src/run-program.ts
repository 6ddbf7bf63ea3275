import { createProgram } from '@p2p/cli';

import { lazyRuntime } from './lazy-runtime.js';
import { watchForShutdown } from './shutdown.js';

/** Runs the command line of this process, to its exit code. */
export async function runProgram(version: string): Promise<void> {
  const shutdown = watchForShutdown();
  const terminal = {
    stdout: process.stdout,
    stderr: process.stderr,
    environment: process.env,
    now: () => performance.now(),
  };
  const program = createProgram(lazyRuntime, terminal, version);
  shutdown.leave(await program.run(process.argv.slice(2), shutdown.signal));
}
