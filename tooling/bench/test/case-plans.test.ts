import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, describe, expect, it } from 'vitest';

import { CASE_PLANS } from '../src/cases/case-plans.js';
import { Place } from '../src/place.js';
import { CASE_NAMES, parseSettings, type CaseName } from '../src/settings.js';

const folder = mkdtempSync(join(tmpdir(), 'p2p-bench-test-'));
afterAll(() => rmSync(folder, { recursive: true }));

describe('plans', () => {
  it.each(CASE_NAMES)('of %s begin with us, and make no content before they are run', (name) => {
    const plan = planOf(name, ['--against', 'libtorrent']);
    const names =
      plan.kind === 'copies' ? plan.entries.map((entry) => entry.name) : plan.probes.map((probe) => probe.name);
    expect(names.length).toBeGreaterThan(0);
    expect(new Set(names.map((who, index) => (plan.kind === 'copies' ? `${who} ${index}` : who))).size).toBe(
      names.length,
    );
    if (name !== 'huge') expect(names[0]).toMatch(/^ours/);
    expect(filesBelow(folder)).toEqual([]);
  });

  it.each(CASE_NAMES)('of %s call nothing reached when nothing was measured', (name) => {
    expect(
      planOf(name, [])
        .judge([])
        .filter(({ holds }) => holds !== undefined),
    ).toEqual([]);
  });
});

describe('transfer', () => {
  it('takes libtorrent in both directions, others by themselves, and the bare loop in each group', () => {
    const plan = planOf('transfer', ['--against', 'libtorrent,aria2', '--piece-size', '64KiB', '--on', 'memory,disk']);
    const entries = plan.kind === 'copies' ? plan.entries : [];
    const inMemory = entries.filter(({ group }) => group === '1 GiB, 64 KiB, memory').map(({ name }) => name);
    expect(inMemory).toEqual([
      'ours -> ours',
      'ours -> libtorrent',
      'libtorrent -> ours',
      'libtorrent -> libtorrent',
      'aria2 -> aria2',
      'node-loop -> node-loop',
    ]);
    expect(entries.filter(({ group }) => group === '1 GiB, 64 KiB, disk').map(({ name }) => name)).toEqual(inMemory);
  });

  it('asks for room for each source and the largest copy', () => {
    const plan = planOf('transfer', ['--size', '1GiB,8GiB']);
    expect(plan.kind === 'copies' && plan.memoryBytes).toBe(17 * 2 ** 30);
  });
});

function planOf(name: CaseName, args: readonly string[]): ReturnType<(typeof CASE_PLANS)[CaseName]> {
  const settings = parseSettings([name, ...args]);
  if (settings === undefined) throw new Error('expected settings');
  return CASE_PLANS[name](settings, new Place(folder));
}

function filesBelow(path: string): readonly string[] {
  return readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => entry.name);
}
