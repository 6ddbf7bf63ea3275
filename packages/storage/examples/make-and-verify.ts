import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { createMetainfo, openFilePieceStore, verifyFile } from '@p2p/storage';
import { toHex } from '@p2p/wire';

const folder = await mkdtemp(join(tmpdir(), 'make-and-verify-'));
const path = join(folder, 'greeting.txt');
await writeFile(path, 'Hello, swarm!\n'.repeat(10_000));

const { metainfo, contentPaths } = await createMetainfo(path);
console.log(`${metainfo.name}: ${metainfo.layout.pieceCount} pieces, info-hash ${toHex(metainfo.infoHash)}`);

// Share it: read blocks as peers ask for them.
const seed = await openFilePieceStore(metainfo, { path, contentPaths, assumeComplete: true });
const stateDir = join(folder, 'state');
const copy = await openFilePieceStore(metainfo, { path: join(folder, 'copy.txt'), stateDir });
for (const piece of metainfo.layout.pieces()) {
  for (let block = 0; block < metainfo.layout.blockCount(piece); block++) {
    const begin = block * 16_384;
    await new Promise<void>((resolve) => {
      seed.readBlock({ piece, begin, length: metainfo.layout.blockBytes(piece, block) }, (outcome) => {
        if (outcome.kind === 'read') copy.writeBlock(piece, begin, outcome.data);
        resolve();
      });
    });
  }
  copy.commitPiece(piece, (outcome) => console.log(`piece ${piece}: ${outcome.kind}`));
}
await Promise.all([seed.close(), copy.close()]);

const report = await verifyFile(metainfo, join(folder, 'copy.txt'));
console.log(report.isRight ? 'the copy is right' : `bad pieces: ${report.badPieces.join(', ')}`);
await rm(folder, { recursive: true });
