import { expect, it } from 'vitest';

import { nearestName } from '../../src/model/nearest-name.js';

it('finds the name that was meant behind a slip of the finger, and none behind another word', () => {
  const names = ['adsl', 'sdsl', 'fibre', 'mobile'];
  expect(nearestName('fiber', names)).toBe('fibre');
  expect(nearestName('SDSL', names)).toBe('sdsl');
  expect(nearestName('modem-of-1994', names)).toBeUndefined();
});
