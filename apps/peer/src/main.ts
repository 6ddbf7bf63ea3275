import { createProgram } from '@p2p/cli';

import packageJson from '../package.json' with { type: 'json' };
import { lazyRuntime } from './lazy-runtime.js';
import { watchForShutdown } from './shutdown.js';

const shutdown = watchForShutdown();
const terminal = {
  stdout: process.stdout,
  stderr: process.stderr,
  environment: process.env,
  now: () => performance.now(),
};
const program = createProgram(lazyRuntime, terminal, packageJson.version);
shutdown.leave(await program.run(process.argv.slice(2), shutdown.signal));
