// pnpm --filter @p2p/wire fuzz [COUNT] [SEED]
// Runs the fuzz of fuzz.ts for as many frames as wanted (10 million) and prints count, seed, speed and what came of them.
import { pathToFileURL } from 'node:url';

import { readVectors } from '../read-vectors.js';
import { fuzz } from './fuzz.js';

const [count = 10_000_000, seed = Date.now() >>> 0] = process.argv.slice(2).map(Number);
console.log(`${count} random frames, seed ${seed}`);
const start = performance.now();
const report = fuzz({ count, seed, vectors: readVectors(pathToFileURL('vectors/')) });
const seconds = (performance.now() - start) / 1000;
console.log(`nothing but WireError in ${report.frames} frames of ${report.bytes} bytes, seed ${seed}`);
console.log(`${seconds.toFixed(1)} s, ${Math.round(count / seconds)} frames a second`);
console.log({ messages: report.messages, errors: report.errors });
