import { expect, it, vi } from 'vitest';

it('runs make-and-verify, which says that the copy is right', async () => {
  const log = vi.spyOn(console, 'log').mockImplementation(() => undefined);
  await import('../examples/make-and-verify.js');
  const lines = log.mock.calls.map(([line]: unknown[]) => String(line));
  log.mockRestore();
  expect(lines).toEqual([
    'greeting.txt: 3 pieces, info-hash cc1e675a52a872dd192fcc5b5acc80a686dab528',
    'piece 0: stored',
    'piece 1: stored',
    'piece 2: stored',
    'the copy is right',
  ]);
});
