#!/usr/bin/env node
import { writeSync } from 'node:fs';

import packageJson from '../package.json' with { type: 'json' };

const { version } = packageJson;
const [first, ...others] = process.argv.slice(2);
// Scripts ask for nothing but the version, and often: they need not wait for the rest to load, which takes as long as Node.
// Written to the descriptor, because `process.stdout` would load the sockets.
const isPrinted = first === '--version' && others.length === 0 && isWritten(`${version}\n`);
if (!isPrinted) void runAll();

async function runAll(): Promise<void> {
  // Until it is known: a program that waits for nothing and has not come to its end must not look like success. Node's own code for that.
  process.exitCode = 13;
  const { runProgram } = await import('./run-program.js');
  await runProgram(version);
}

/** False where it cannot be written: the rest tries again, and knows what each failure means. */
function isWritten(text: string): boolean {
  try {
    writeSync(1, text);
    return true;
  } catch {
    return false;
  }
}
