import { describe, expect, it } from 'vitest';

import { renderBar, renderLine, renderTable } from '../../src/run/live-table.js';
import type { SwarmView } from '../../src/run/live-table.js';
import { listening, progress, recordsOf } from '../a-run.js';

const WIDE = { columns: 200, rows: 50 };

/** A run of which the first leechers have all, half, and nothing. */
function aView(nodeCount: number): SwarmView {
  const records = recordsOf(nodeCount);
  for (const record of records) record.handleEvent(listening(record.plan.address.host, 6881), 0);
  records[1]?.handleEvent({ event: 'complete', length: 1000, sha1: undefined }, 3);
  records[2]?.handleEvent({ ...progress(500), downRate: 2048, upRate: 1024, peers: 3 }, 1);
  return { elapsedSeconds: 4.25, lengthBytes: 1000, records };
}

describe('renderBar', () => {
  it('is full only at the end, and never overflows', () => {
    expect(renderBar(0, 4)).toBe('░░░░');
    expect(renderBar(0.5, 4)).toBe('██░░');
    expect(renderBar(1, 4)).toBe('████');
    expect(renderBar(7, 4)).toBe('████');
    expect(renderBar(-1, 4)).toBe('░░░░');
  });
});

describe('renderTable', () => {
  it('has a row for each node and a line for all of them', () => {
    const lines = renderTable(aView(4), WIDE).split('\n');
    expect(lines).toHaveLength(5);
    expect(lines[0]).toMatch(/^seeder-1 .*100%.*seeding/);
    expect(lines[1]).toMatch(/^peer-1 .*100%.*✔ 3\.0 s/);
    expect(lines[2]).toMatch(/^peer-2 .*127\.3\.0\.1:6881.*50\.0%.*↓ +2 KiB\/s +↑ +1 KiB\/s +3 peers/);
    expect(lines[4]).toMatch(/4\.3 s +1\/3 complete +50\.0%/);
  });

  it('shows what a node costs once that is known', () => {
    const view = aView(4);
    const [seeder] = view.records;
    if (seeder) seeder.usage = { cpuSeconds: 1.25, peakRssBytes: 80 * 2 ** 20 };
    expect(renderTable(view, WIDE).split('\n')[0]).toMatch(/ 1\.[23] s CPU +80 MiB$/);
  });

  it('shows a failed node as failed', () => {
    const view = aView(4);
    view.records[3]?.handleFailure('crashed');
    expect(renderTable(view, WIDE).split('\n')[3]).toContain('✘ failed');
  });

  it('is never wider nor higher than the screen', () => {
    for (const rows of [1, 5, 10, 24]) {
      for (const columns of [10, 40, 80]) {
        const lines = renderTable(aView(40), { columns, rows }).split('\n');
        expect(lines.length).toBeLessThan(Math.max(rows, 4));
        for (const line of lines) expect(line.length).toBeLessThan(columns);
      }
    }
  });

  it('leaves out whole cells, the same in every row, where it is narrow', () => {
    const [seeder, , busy] = renderTable(aView(4), { columns: 81, rows: 24 }).split('\n');
    expect(seeder).toMatch(/^seeder-1 +█{20} +100% +seeding +↓ +0 B\/s +↑ +0 B\/s$/);
    expect(busy).toMatch(/^peer-2 +█{10}░{10} +50\.0% +↓ +2 KiB\/s +↑ +1 KiB\/s$/);
  });

  it('leaves out complete nodes first when not all fit, and says how many are hidden', () => {
    const view = aView(20);
    view.records[19]?.handleFailure('crashed');
    const table = renderTable(view, { columns: 120, rows: 10 });
    expect(table).toContain('… and 13 more');
    expect(table).toContain('peer-19');
    expect(table).not.toContain('peer-1 ');
  });
});

describe('renderLine', () => {
  it('names each leecher when they are few', () => {
    expect(renderLine(aView(4))).toMatch(/^ +4\.3 s +peer-1 +100% +peer-2 +50\.0% +peer-3 +0\.0% +down +2 KiB\/s$/);
  });

  it('sums them up when they are many', () => {
    expect(renderLine(aView(20))).toMatch(/^ +4\.3 s +1\/19 complete +7\.8% +down +2 KiB\/s/);
  });
});
