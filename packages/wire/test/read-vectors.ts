import { readFileSync } from 'node:fs';

import { VECTOR_FILES, type VectorFiles } from './vector-files.js';

/** All of `vectors/*.json`. */
export function readVectors(): VectorFiles {
  const files: Record<string, unknown> = {};
  for (const name of VECTOR_FILES) {
    const url = new URL(`../vectors/${name}.json`, import.meta.url);
    files[name] = JSON.parse(readFileSync(url, 'utf8'));
  }
  // eslint-disable-next-line p2p/no-type-assertion -- a parse boundary: the files are ours, and each field is used by a test
  return files as unknown as VectorFiles;
}
