/** Goal: what the README shows works. Method: every example runs as it stands, in a process of its own would be slow: imported here. */
import { afterEach, describe, expect, it, vi } from 'vitest';

const EXAMPLES = {
  'share-over-tcp': 'fetched 140000 letters',
  'two-peers-in-memory': 'fetched 140000 letters',
  'custom-transport': 'the seeder sent 14',
} as const;

describe('examples', () => {
  afterEach(() => {
    vi.restoreAllMocks();
  });

  it.each(Object.entries(EXAMPLES))('%s says "%s…"', async (name, words) => {
    const written: string[] = [];
    vi.spyOn(process.stdout, 'write').mockImplementation((chunk) => written.push(String(chunk)) > 0);
    await import(`../examples/${name}.ts`);
    await vi.waitUntil(() => written.length > 0, { timeout: 10_000 });
    expect(written.join('')).toContain(words);
  });
});
