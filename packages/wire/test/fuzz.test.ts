// Goal: no byte from outside causes anything but a WireError. The same with ten million frames: `pnpm --filter @p2p/wire fuzz`.
import { describe, expect, it } from 'vitest';

import { fuzz } from './fuzz/fuzz.js';
import { readVectors } from './read-vectors.js';

const vectors = readVectors();

describe('random frames', () => {
  it('cause nothing but WireError, 200,000 times', () => {
    const report = fuzz({ count: 200_000, seed: 20_240_601, vectors });
    expect(report.frames).toBe(200_000);
    // Unless every message and every error is reached, this test tests less than it says.
    expect(Object.keys(report.messages).sort()).toEqual([
      'allowedFast',
      'bitfield',
      'cancel',
      'choke',
      'extended',
      'have',
      'haveAll',
      'haveNone',
      'interested',
      'keepAlive',
      'notInterested',
      'piece',
      'port',
      'reject',
      'request',
      'suggest',
      'unchoke',
      'unknown',
    ]);
    expect(Object.keys(report.errors).sort()).toEqual([
      'bad-address',
      'bad-bencode',
      'bad-bitfield',
      'bad-extension',
      'bad-handshake',
      'bad-length',
      'bad-magnet',
      'bad-metainfo',
      'frame-too-long',
    ]);
  });

  it('are the same for the same seed', () => {
    const run = (seed: number): unknown => fuzz({ count: 2000, seed, vectors });
    expect(run(1)).toEqual(run(1));
    expect(run(2)).not.toEqual(run(1));
  });
});
