import { describe, expect, it } from 'vitest';

import { nodeArguments, planNodes } from '../../src/run/node-plan.js';

const places = { originalPath: '/w/original.bin', folder: '/w' };
const plans = planNodes({ nodeCount: 4, seederCount: 2 }, places, 'linux');
const unlimited = { pieceLengthBytes: undefined, uploadBytesPerSecond: undefined, downloadBytesPerSecond: undefined };

describe('planNodes', () => {
  it('puts seeders first; they share the original, and each leecher makes a copy of its own', () => {
    expect(plans.map(({ name, path }) => [name, path])).toEqual([
      ['seeder-1', '/w/original.bin'],
      ['seeder-2', '/w/original.bin'],
      ['peer-1', '/w/peer-1.bin'],
      ['peer-2', '/w/peer-2.bin'],
    ]);
  });

  it('lets no two nodes share a state folder', () => {
    expect(new Set(plans.map(({ stateFolder }) => stateFolder)).size).toBe(4);
  });
});

describe('nodeArguments', () => {
  it('has a seeder share the file', () => {
    const [seeder] = plans;
    expect(seeder && nodeArguments(seeder, [], { ...unlimited, pieceLengthBytes: 65_536 }).join(' ')).toBe(
      'share /w/original.bin --piece-size 65536 --bind 127.1.0.1 --port 0 --state-dir /w/seeder-1.state --json',
    );
  });

  it('has a leecher fetch to its own path from the peers it is told, within its limits', () => {
    const leecher = plans[2];
    const limits = { pieceLengthBytes: 65_536, uploadBytesPerSecond: 1000, downloadBytesPerSecond: 2000 };
    expect(leecher && nodeArguments(leecher, ['127.1.0.1:5'], limits).join(' ')).toBe(
      '--file /w/peer-1.bin --bind 127.3.0.1 --port 0 --peer 127.1.0.1:5 --state-dir /w/peer-1.state --json ' +
        '--limit-up 1000 --limit-down 2000',
    );
  });
});
