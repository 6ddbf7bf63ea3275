import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

import { makeContent } from '../../src/run/content-maker.js';
import { temporaryFolder } from '../temporary-folder.js';

const OVER_TWO_CHUNKS = 2 * 2 ** 20 + 12_345;

describe('makeContent', () => {
  it('writes exactly the length asked for and returns the SHA-1 of what is on disk', async () => {
    const path = join(temporaryFolder(), 'a');
    const sha1 = await makeContent(path, { lengthBytes: OVER_TWO_CHUNKS, seed: 1 });
    const content = readFileSync(path);
    expect(content.length).toBe(OVER_TWO_CHUNKS);
    expect(sha1).toBe(createHash('sha1').update(content).digest('hex'));
  });

  it('makes the same bytes from the same seed, on any machine', async () => {
    // Computed once; a change would make runs of different versions incomparable.
    expect(await makeContent(join(temporaryFolder(), 'a'), { lengthBytes: 100_000, seed: 42 })).toBe(
      '4f62b10bb852ff5c37b3066948aed2b14b6ce3d5',
    );
  });

  it('makes other bytes from another seed', async () => {
    const folder = temporaryFolder();
    const one = await makeContent(join(folder, 'a'), { lengthBytes: 1000, seed: 1 });
    const two = await makeContent(join(folder, 'b'), { lengthBytes: 1000, seed: 2 });
    expect(one).not.toBe(two);
  });

  it('repeats no block, so that no two pieces are alike', async () => {
    const path = join(temporaryFolder(), 'a');
    await makeContent(path, { lengthBytes: OVER_TWO_CHUNKS, seed: 1 });
    const content = readFileSync(path);
    const blocks = new Set<string>();
    for (let offset = 0; offset + 16_384 <= content.length; offset += 16_384) {
      blocks.add(content.subarray(offset, offset + 16_384).toString('base64'));
    }
    expect(blocks.size).toBe(Math.floor(OVER_TWO_CHUNKS / 16_384));
  });

  it('does not overwrite a file', async () => {
    const path = join(temporaryFolder(), 'a');
    await makeContent(path, { lengthBytes: 10, seed: 1 });
    await expect(makeContent(path, { lengthBytes: 10, seed: 1 })).rejects.toThrow('EEXIST');
  });

  it('stops when it is told to', async () => {
    const path = join(temporaryFolder(), 'a');
    const aborted = AbortSignal.abort(new Error('enough'));
    await expect(makeContent(path, { lengthBytes: 2 ** 40, seed: 1 }, aborted)).rejects.toThrow('enough');
  });

  it('says what to do when the disk does not take it', async () => {
    const making = makeContent('/no/such/folder/x.bin', { lengthBytes: 1, seed: 1 });
    await expect(making).rejects.toMatchObject({ code: 'not-written' });
    await expect(making).rejects.toThrow(/cannot be written: ENOENT.*; choose a smaller --size, or another --work-dir/);
  });
});
