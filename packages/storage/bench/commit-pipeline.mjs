/**
 * How fast blocks become pieces on the disk: by the worker, and on the main thread alone. Each measurement is a process
 * of its own; the median of several is printed. Run by hand after a build:
 *
 *     node bench/commit-pipeline.mjs [--folder /dev/shm] [--mib 1024] [--rounds 3]
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { parseArgs } from 'node:util';

import { PieceLayout, decodeInfo, encodeInfo, sha1 } from '@p2p/wire';

import { StorageWorker, openFilePieceStore } from '../dist/index.js';

const { values } = parseArgs({
  options: {
    folder: { type: 'string', default: '/dev/shm' },
    mib: { type: 'string', default: '1024' },
    rounds: { type: 'string', default: '3' },
    mode: { type: 'string' },
    piece: { type: 'string', default: '65536' },
  },
});

if (values.mode === undefined) compare();
else console.log(JSON.stringify(await measure(values.mode, Number(values.piece))));

function compare() {
  for (const piece of [65_536, 1_048_576]) {
    for (const mode of ['worker', 'inline']) {
      const results = Array.from({ length: Number(values.rounds) }, () => run(mode, piece));
      results.sort((left, right) => left.megabytesPerSecond - right.megabytesPerSecond);
      const middle = results[Math.floor(results.length / 2)];
      console.log(`${piece / 1024} KiB pieces, ${mode.padEnd(6)}`, middle);
    }
  }
}

function run(mode, piece) {
  const parameters = [import.meta.filename, '--mode', mode, '--piece', String(piece), '--mib', values.mib];
  const { stdout, stderr } = spawnSync(process.execPath, [...parameters, '--folder', values.folder]);
  if (stdout.length === 0) throw new Error(String(stderr));
  return JSON.parse(String(stdout));
}

async function measure(mode, pieceLength) {
  const { metainfo, block } = zeroContent(Number(values.mib) * 1024 * 1024, pieceLength);
  const folder = mkdtempSync(join(values.folder, 'p2p-bench-'));
  const missingScript = new URL('file:///no-such-script.js');
  const worker = new StorageWorker(mode === 'inline' ? { scriptUrl: missingScript } : {});
  const store = await openFilePieceStore(metainfo, { folder, stateDir: folder, worker, overwrite: true });
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  const cpuBefore = process.cpuUsage();
  const started = performance.now();
  await fill(store, block);
  const seconds = (performance.now() - started) / 1000;
  const cpu = process.cpuUsage(cpuBefore);
  delay.disable();
  await store.close();
  await worker.close();
  rmSync(folder, { recursive: true });
  return {
    megabytesPerSecond: Math.round(metainfo.layout.totalBytes / 1e6 / seconds),
    cpuSeconds: (cpu.user + cpu.system) / 1e6,
    peakMiB: Math.round(process.resourceUsage().maxRSS / 1024),
    loopP99Ms: Number((delay.percentile(99) / 1e6).toFixed(1)),
  };
}

/** As a node does: 64 KiB arrive from the network, are written as blocks, and the event loop turns. */
async function fill(store, block) {
  const { layout } = store.metainfo;
  let stored = 0;
  let failure;
  for (const piece of layout.pieces()) {
    for (let index = 0; index < layout.blockCount(piece); index++) {
      store.writeBlock(piece, index * 16_384, block);
      if (index % 4 === 3) await new Promise(setImmediate);
    }
    store.commitPiece(piece, (outcome) => {
      stored += 1;
      if (outcome.kind !== 'stored') failure = outcome;
    });
  }
  while (stored < layout.pieceCount) await new Promise(setImmediate);
  if (failure !== undefined) throw new Error(failure.kind);
}

/** All pieces are alike, so that making the content costs nothing: one hash for all. */
function zeroContent(totalBytes, pieceLength) {
  const block = new Uint8Array(16_384).fill(7);
  const { pieceCount } = new PieceLayout(pieceLength, totalBytes);
  const hash = sha1(new Uint8Array(pieceLength).fill(7));
  const pieceHashes = new Uint8Array(pieceCount * 20);
  for (let piece = 0; piece < pieceCount; piece++) pieceHashes.set(hash, piece * 20);
  return {
    metainfo: decodeInfo(encodeInfo({ name: 'bench.bin', pieceLength, pieceHashes, length: totalBytes })),
    block,
  };
}
