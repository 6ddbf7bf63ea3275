import { describe, expect, it } from 'vitest';

import { isComplete, World } from '../fixtures/world.js';

describe('storage that fails', () => {
  it('is tried again a minute after its last failure, also when it failed several times', () => {
    const world = new World({ pieces: 8 });
    const seeder = world.seeder('10.0.0.1', { link: { upBytesPerSecond: 100_000 } });
    const leecher = world.leecher('10.0.0.2', { peers: [seeder.address] });
    // What is under way when the first piece fails still arrives, and fails later.
    leecher.storage.faults.commitError = 'disk-full';
    world.run(10_000);
    leecher.storage.faults.commitError = undefined;
    const failures = leecher.events.filter(({ kind }) => kind === 'storageFailed').length;
    expect(failures).toBeGreaterThan(1);
    world.run(70_000, () => isComplete(leecher));
    expect(isComplete(leecher)).toBe(true);
  });

  it('goes on downloading while what it has cannot be read', () => {
    const world = new World({ pieces: 16 });
    const seeder = world.seeder('10.0.0.1', { link: { upBytesPerSecond: 200_000 } });
    const reader = world.leecher('10.0.0.2', { peers: [seeder.address] });
    const other = world.leecher('10.0.0.3', { peers: [seeder.address, reader.address] });
    reader.storage.faults.readError = 'io';
    world.run(30_000, () => isComplete(reader) && isComplete(other));
    expect(reader.events.some(({ kind }) => kind === 'storageFailed')).toBe(true);
    expect([isComplete(reader), isComplete(other)]).toEqual([true, true]);
  });
});
