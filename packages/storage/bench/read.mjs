/**
 * What it costs to serve blocks from the page cache: through the store, and by plain blocking reads beside it. In CPU
 * seconds for each GiB, which other programs disturb least. Run by hand after a build:
 *
 *     node bench/read.mjs [--folder /dev/shm] [--mib 1024]
 */
import { closeSync, mkdtempSync, openSync, readSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

import { decodeInfo, encodeInfo } from '@p2p/wire';

import { openFilePieceStore } from '../dist/index.js';

const { values } = parseArgs({
  options: { folder: { type: 'string', default: '/dev/shm' }, mib: { type: 'string', default: '1024' } },
});
const totalBytes = Number(values.mib) * 1024 * 1024;
const folder = mkdtempSync(join(values.folder, 'p2p-bench-'));
const path = join(folder, 'bench.bin');
try {
  fillFile();
  for (const size of [16_384, 65_536, 262_144])
    report(`readSync of ${size / 1024} KiB`, await timed(() => readPlain(size)));
  for (const pieceLength of [65_536, 1_048_576]) {
    for (const order of ['in order', 'at random']) {
      const name = `store, ${pieceLength / 1024} KiB pieces, pieces ${order}`;
      report(name, await timed(() => readStore(pieceLength, order === 'in order')));
    }
  }
} finally {
  rmSync(folder, { recursive: true });
}

function fillFile() {
  const handle = openSync(path, 'w');
  const chunk = new Uint8Array(1024 * 1024).fill(1);
  for (let done = 0; done < totalBytes; done += chunk.length) writeSync(handle, chunk);
  closeSync(handle);
}

async function timed(action) {
  await action();
  const cpuBefore = process.cpuUsage();
  await action();
  const { user, system } = process.cpuUsage(cpuBefore);
  return (user + system) / 1e6 / (totalBytes / 2 ** 30);
}

function report(name, cpuSeconds) {
  console.log(`${name.padEnd(44)} ${cpuSeconds.toFixed(3)} CPU s a GiB`);
}

function readPlain(size) {
  const handle = openSync(path, 'r');
  const buffer = new Uint8Array(size);
  for (let done = 0; done < totalBytes; done += size) readSync(handle, buffer, 0, size, done);
  closeSync(handle);
}

/** Sixteen blocks are asked for in an event, as a peer's packet of requests does. */
async function readStore(pieceLength, isInOrder) {
  const pieceCount = totalBytes / pieceLength;
  const pieceHashes = new Uint8Array(pieceCount * 20);
  const metainfo = decodeInfo(encodeInfo({ name: 'bench.bin', pieceLength, pieceHashes, length: totalBytes }));
  const store = await openFilePieceStore(metainfo, { path, assumeComplete: true });
  const order = [...metainfo.layout.pieces()];
  if (!isInOrder) order.sort((left, right) => ((left * 7919) % pieceCount) - ((right * 7919) % pieceCount));
  let asked = 0;
  let answered = 0;
  const takeBlock = (outcome) => {
    if (outcome.kind !== 'read') throw outcome.error;
    answered += 1;
  };
  for (const piece of order) {
    for (let begin = 0; begin < pieceLength; begin += 16_384) {
      store.readBlock({ piece, begin, length: 16_384 }, takeBlock);
      asked += 1;
      if (asked % 16 === 0) await new Promise(setImmediate);
    }
  }
  while (answered < asked) await new Promise(setImmediate);
  await store.close();
}
