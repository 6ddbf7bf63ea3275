import { expect, it } from 'vitest';

import { sameBytes } from '../src/index.js';

it.each([
  [[], [], true],
  [[1, 2], [1, 2], true],
  [[1, 2], [1, 3], false],
  [[1, 2], [1, 2, 3], false],
  [[1, 2, 3], [1, 2], false],
])('says whether %j and %j are the same: %s', (a, b, isSame) => {
  expect(sameBytes(Uint8Array.from(a), Uint8Array.from(b))).toBe(isSame);
});
