import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

import type { NodeProgram } from './run/node-process.js';
import { SimError } from './sim-error.js';

/**
 * Finds the node's program and our leash beside this one, both built.
 *
 * @throws {SimError} `no-node-program`
 */
export function findNodeProgram(): NodeProgram {
  const leashPath = fileURLToPath(new URL('./leash.js', import.meta.url));
  try {
    const scriptPath = createRequire(import.meta.url).resolve('@p2p/peer/dist/main.cjs');
    return { scriptPath, leashPath: existsSync(leashPath) ? leashPath : undefined };
  } catch (error) {
    throw new SimError('no-node-program', 'the node (apps/peer) is not built; run: npm run setup', { cause: error });
  }
}
