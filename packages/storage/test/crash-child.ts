/** A download that `crash.test.ts` kills: says on stdout which pieces the store called stored. */
import { setTimeout } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';

import { openFilePieceStore } from '../src/open-file-piece-store.js';
import { StorageWorker } from '../src/storage-worker.js';
import { commit, pieceBytes, writePiece } from './sample-content.js';
import { crashSample } from './crash-sample.js';

const [folder = '', stateDir = '', workerScript = '', seed = '0'] = process.argv.slice(2);
const sample = crashSample();
const worker = new StorageWorker({ scriptUrl: pathToFileURL(workerScript) });
const store = await openFilePieceStore(sample.metainfo, { folder, stateDir, worker });
const missing = [...sample.metainfo.layout.pieces()].filter((piece) => !store.have().has(piece));
// In an order of its own each time, so that the file has holes.
missing.sort((left, right) => ((left * 7919 + Number(seed)) % 1009) - ((right * 7919 + Number(seed)) % 1009));
process.stdout.write('open\n');
for (const [position, piece] of missing.entries()) {
  writePiece(store, piece, pieceBytes(sample, piece));
  const outcome = await commit(store, piece);
  if (outcome.kind !== 'stored') throw new Error(`piece ${piece}: ${outcome.kind}`);
  process.stdout.write(`${piece}\n`);
  if (position % 16 === 15) void store.flush();
  // So that the parent is not outrun.
  await setTimeout(1);
}
await store.close();
await worker.close();
process.stdout.write('complete\n');
