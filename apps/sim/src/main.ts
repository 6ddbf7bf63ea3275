import { performance } from 'node:perf_hooks';

import packageJson from '../package.json' with { type: 'json' };
import { watchForInterruption } from './interruption.js';
import { findNodeProgram } from './node-program.js';
import { runProgram } from './program.js';
import { CleanUp } from './run/clean-up.js';

const cleanUp = new CleanUp();
process.on('exit', () => cleanUp.run());
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    // Nobody reads any more (as in `p2p-sim … | head -1`): there is no reason to go on, and nothing to be said about it.
    if (error.code !== 'EPIPE' && stream !== process.stderr) {
      process.stderr.write(`p2p-sim: the output cannot be written: ${error.message}\n`);
    }
    process.exit(1);
  });
}

process.exitCode = await runProgram(process.argv.slice(2), {
  version: packageJson.version,
  terminal: { stdout: process.stdout, stderr: process.stderr, now: () => performance.now() },
  platform: process.platform,
  environment: process.env,
  interruption: watchForInterruption(process),
  cleanUp,
  findNodeProgram,
});
