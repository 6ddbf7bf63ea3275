import { describe, expect, it } from 'vitest';

import { NodeRecord } from '../../src/run/node-record.js';
import { listening, planOf, progress } from '../a-run.js';

describe('NodeRecord', () => {
  it('counts a node’s time from listening to complete', () => {
    const record = new NodeRecord(planOf(1));
    expect(record.address).toBeUndefined();
    record.handleEvent(listening('127.2.0.1', 4000), 10);
    expect(record.address).toBe('127.2.0.1:4000');
    record.handleEvent({ event: 'complete', length: 500, sha1: 'ab' }, 12.5);
    expect(record.phase).toEqual({ kind: 'complete', address: '127.2.0.1:4000', seconds: 2.5, sha1: 'ab' });
    expect(record.haveBytes).toBe(500);
  });

  it('writes an IPv6 address so that it can be dialled', () => {
    const record = new NodeRecord(planOf(1));
    record.handleEvent(listening('::1', 4000), 0);
    expect(record.address).toBe('[::1]:4000');
  });

  it('calls it a move when bytes arrive, not when only time passes', () => {
    const record = new NodeRecord(planOf(1));
    expect(record.handleEvent(listening('127.2.0.1', 1), 0)).toBe(true);
    expect(record.handleEvent(progress(10), 1)).toBe(true);
    expect(record.handleEvent(progress(10), 2)).toBe(false);
    expect(
      record.handleEvent({ event: 'peer', state: 'connected', address: '127.1.0.1:1', reason: undefined }, 3),
    ).toBe(false);
    expect(record.handleEvent({ event: 'error', code: 'x', message: '' }, 3)).toBe(false);
    expect(record.handleEvent(progress(11), 4)).toBe(true);
  });

  it('keeps its first time when a node says twice that it is complete', () => {
    const record = new NodeRecord(planOf(1));
    record.handleEvent(listening('127.2.0.1', 1), 0);
    record.handleEvent({ event: 'complete', length: 1, sha1: undefined }, 3);
    expect(record.handleEvent({ event: 'complete', length: 1, sha1: undefined }, 9)).toBe(false);
    expect(record.phase).toMatchObject({ seconds: 3 });
  });

  it('shows no rates for a node that has failed', () => {
    const record = new NodeRecord(planOf(1));
    record.handleEvent({ ...progress(10), downRate: 5, upRate: 6 }, 1);
    record.handleFailure('fell over');
    expect(record.phase).toEqual({ kind: 'failed', reason: 'fell over' });
    expect([record.downBytesPerSecond, record.upBytesPerSecond]).toEqual([0, 0]);
  });
});
