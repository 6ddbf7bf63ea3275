import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

import { verifyCopies } from '../../src/run/verify-copies.js';
import { temporaryFolder } from '../temporary-folder.js';

const content = Buffer.alloc(1_500_000, 'swarm');
const original = { lengthBytes: content.length, sha1: createHash('sha1').update(content).digest('hex') };

function copyOf(bytes: Uint8Array, name = 'peer-1') {
  const path = join(temporaryFolder(), name);
  writeFileSync(path, bytes);
  return { name, path };
}

describe('verifyCopies', () => {
  it('finds nothing wrong with equal copies', async () => {
    expect(await verifyCopies([copyOf(content), copyOf(content)], original)).toEqual([]);
  });

  it('names every copy that differs in one bit, is too short, or is missing, in order', async () => {
    const flipped = Uint8Array.from(content);
    flipped[1_200_000] = (flipped[1_200_000] ?? 0) ^ 1;
    const copies = [
      copyOf(flipped, 'flipped'),
      copyOf(content, 'right'),
      copyOf(content.subarray(1), 'short'),
      { name: 'missing', path: join(temporaryFolder(), 'missing') },
    ];
    const found = await verifyCopies(copies, original);
    expect(found.map(({ name }) => name)).toEqual(['flipped', 'short', 'missing']);
    expect(found[0]?.detail).toContain(original.sha1);
    expect(found[1]?.detail).toContain('has 1499999 bytes, the original 1500000');
    expect(found[2]?.detail).toContain('ENOENT');
  });

  it('stops when it is told to, instead of calling the copies wrong', async () => {
    await expect(verifyCopies([copyOf(content)], original, AbortSignal.abort(new Error('enough')))).rejects.toThrow(
      'enough',
    );
  });
});
