import { describe, expect, it } from 'vitest';

import { LinkLog } from '../../src/run/link-log.js';
import { buildResult } from '../../src/run/result.js';
import { resolveRunOptions } from '../../src/run/run-options.js';
import { listening, recordsOf } from '../a-run.js';

const options = resolveRunOptions({ nodeCount: 4, lengthBytes: 1000, seed: 9 });

/** One seeder and three leechers that complete after 1, 2 and 4 seconds; the seeder sent 1.5 copies. */
function aCluster() {
  const records = recordsOf(4);
  const links = new LinkLog(records.map(({ plan }) => plan.address.host));
  for (const record of records) {
    const { host } = record.plan.address;
    record.handleEvent(listening(host, 6881), 0);
    links.handleListening(record.plan.nodeIndex, `${host}:6881`);
  }
  const leechers = records.slice(1);
  leechers.forEach((record, index) => {
    record.handleEvent({ event: 'metadata', pieces: 5 }, 0);
    record.handleEvent({ event: 'complete', length: 1000, sha1: 'ab' }, 2 ** index);
    record.handleEvent({ event: 'status', uploaded: 500, downloaded: 1010, wasted: 10, corrupt: 4 }, 9);
    record.usage = { cpuSeconds: 1, peakRssBytes: 100 + index };
    links.handleTold(record.plan.nodeIndex, ['127.1.0.1:6881']);
    links.handlePeer(record.plan.nodeIndex, { state: 'connected', address: '127.1.0.1:6881' });
  });
  links.handlePeer(2, { state: 'connected', address: '127.4.0.1:6881' });
  records[0]?.handleEvent({ event: 'status', uploaded: 1500, downloaded: 0, wasted: 0, corrupt: 0 }, 9);
  return { records, leechers, links, eventCount: 30 };
}

const measured = { wallSeconds: 5, verifiedCount: 3 };

describe('buildResult', () => {
  it('has every field of the contract', () => {
    expect(buildResult(options, aCluster(), measured)).toMatchObject({
      event: 'result',
      mode: 'run',
      scenario: null,
      peers: 4,
      seeders: 1,
      seed: 9,
      length: 1000,
      pieces: 5,
      boundSeconds: null,
      p50Seconds: 2,
      p95Seconds: 4,
      maxSeconds: 4,
      ratioP50: null,
      ratioP95: null,
      ratioMax: null,
      incomplete: 0,
      verified: 3,
      seederUploadRatio: 1.5,
      duplicateRatio: 0.0059, // (30 - 12) of 3030
      wastedRatio: 0.0099, // 30 of 3030
      controlRatio: null,
      uplinkUse: null,
      overlay: { diameter: 2, components: 1, meanDegree: 2, clustering: 0.5833333333333333 },
      pexLinks: 1,
      wallSeconds: 5,
      events: 30,
      eventsPerSecond: 6,
      peakRssBytes: 102,
      traceHash: null,
    });
  });

  it('has a line for each process', () => {
    const { nodes } = buildResult(options, aCluster(), measured);
    expect(nodes).toHaveLength(4);
    expect(nodes[0]).toEqual({
      name: 'seeder-1',
      role: 'seeder',
      address: '127.1.0.1:6881',
      cpuSeconds: null,
      peakRssBytes: null,
      uploaded: 1500,
      downloaded: 0,
      seconds: null,
    });
    expect(nodes[3]).toMatchObject({ name: 'peer-3', seconds: 4, cpuSeconds: 1, peakRssBytes: 102, downloaded: 1010 });
  });

  it('compares times with the bound, and traffic with the uplinks, when rates are limited', () => {
    const limited = { ...options, uploadBytesPerSecond: 1000 };
    expect(buildResult(limited, aCluster(), measured)).toMatchObject({
      boundSeconds: 1,
      ratioP50: 2,
      ratioP95: 4,
      ratioMax: 4,
      uplinkUse: 0.1875, // 3000 B of 4 x 1000 B/s x 4 s
    });
  });

  it('counts a copy that never completed as infinitely late', () => {
    const cluster = aCluster();
    cluster.leechers[0]?.handleFailure('crashed');
    const result = buildResult({ ...options, uploadBytesPerSecond: 1000 }, cluster, { ...measured, verifiedCount: 2 });
    expect(result).toMatchObject({
      incomplete: 1,
      p50Seconds: 4,
      p95Seconds: null,
      maxSeconds: null,
      ratioMax: null,
      uplinkUse: null,
    });
  });

  it('says null, not a wrong sum, when a node did not report its totals', () => {
    const cluster = aCluster();
    const unknown = { uploaded: undefined, downloaded: undefined, wasted: undefined, corrupt: undefined };
    const [seeder, leecher] = cluster.records;
    if (seeder) seeder.totals = unknown;
    if (leecher) leecher.totals = unknown;
    const result = buildResult({ ...options, uploadBytesPerSecond: 1000 }, cluster, measured);
    expect(result).toMatchObject({
      seederUploadRatio: null,
      duplicateRatio: null,
      wastedRatio: null,
      uplinkUse: null,
    });
  });
});
