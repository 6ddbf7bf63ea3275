import { expect, it } from 'vitest';

import * as api from '../src/index.js';

it('exports these names and no others: growing the list is a decision', () => {
  expect(Object.keys(api).sort()).toEqual([
    'CliError',
    'EXIT_CODES',
    'createProgram',
    'explainStall',
    'formatBytes',
    'formatCount',
    'formatPercent',
    'formatRanges',
    'formatRate',
    'formatSeconds',
    'formatTable',
    'parseDuration',
    'parseInteger',
    'parsePieceSize',
    'parseRate',
    'parseSize',
  ]);
});
