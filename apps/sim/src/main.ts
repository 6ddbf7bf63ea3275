import { performance } from 'node:perf_hooks';

import packageJson from '../package.json' with { type: 'json' };
import { watchForInterruption } from './interruption.js';
import { findNodeProgram } from './node-program.js';
import { runProgram } from './program.js';
import { CleanUp } from './run/clean-up.js';

const cleanUp = new CleanUp();
process.on('exit', () => cleanUp.run());
// Nobody reads any more (as in `p2p-sim … | head -1`): there is no reason to go on.
process.stdout.on('error', () => process.exit(1));

process.exitCode = await runProgram(process.argv.slice(2), {
  version: packageJson.version,
  terminal: { stdout: process.stdout, stderr: process.stderr, now: () => performance.now() },
  platform: process.platform,
  environment: process.env,
  interruption: watchForInterruption(process),
  cleanUp,
  findNodeProgram,
});
