import { readFileSync } from 'node:fs';

import { VECTOR_FILES, type VectorFiles } from './vector-files.js';

/** All of `vectors/*.json`; a bundle of this file must say where they are. */
export function readVectors(folder = new URL('../vectors/', import.meta.url)): VectorFiles {
  const files: Record<string, unknown> = {};
  for (const name of VECTOR_FILES) {
    files[name] = JSON.parse(readFileSync(new URL(`${name}.json`, folder), 'utf8'));
  }
  // eslint-disable-next-line p2p/no-type-assertion -- a parse boundary: the files are ours, and each field is used by a test
  return files as unknown as VectorFiles;
}
