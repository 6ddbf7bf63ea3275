import { INLINE_CONTENT_BYTES } from '../src/commit-pipeline.js';
import { sampleContent } from './sample-content.js';
import type { SampleContent } from './sample-content.js';

/** What is downloaded and killed: large enough for the worker, with a border of two files in it. */
export function crashSample(): SampleContent {
  return sampleContent({
    name: 'crash',
    pieceLength: 16_384,
    files: [
      { path: ['first.bin'], length: INLINE_CONTENT_BYTES - 1_000 },
      { path: ['second.bin'], length: 1_000_000 },
    ],
  });
}
