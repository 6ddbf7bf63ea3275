import type { PeerStatus, SwarmStatus } from '@p2p/swarm';
import { describe, expect, it } from 'vitest';

import { StallDetector } from '../src/stall-detector.js';

const PEER: PeerStatus = {
  address: { host: '10.0.0.1', port: 1 },
  client: 'x',
  source: 'told',
  downloadedBytes: 0,
  uploadedBytes: 0,
  downBytesPerSecond: 0,
  upBytesPerSecond: 0,
  isSeed: false,
  isChokingUs: false,
  amInterested: true,
};

function status(more: Partial<SwarmStatus> = {}): SwarmStatus {
  const { peers = [] } = more;
  return {
    totalBytes: 1000,
    haveBytes: 0,
    downloadedBytes: 0,
    uploadedBytes: 0,
    wastedBytes: 0,
    corruptBytes: 0,
    downBytesPerSecond: 0,
    upBytesPerSecond: 0,
    isSeeding: false,
    peerCount: peers.length,
    seederCount: 0,
    dialingCount: 0,
    knownAddressCount: peers.length,
    peers,
    ...more,
  };
}

describe('StallDetector', () => {
  it.each([
    ['no-peers-known', status()],
    ['no-peers-left', status({ corruptBytes: 1 })],
    ['connecting', status({ knownAddressCount: 3 })],
    ['no-metadata', { ...status({ peers: [PEER] }), totalBytes: undefined }],
    ['pieces-missing', status({ peers: [{ ...PEER, amInterested: false }] })],
    [
      'choked',
      status({
        peers: [
          { ...PEER, isChokingUs: true },
          { ...PEER, amInterested: false },
        ],
      }),
    ],
    ['silent', status({ peers: [PEER, { ...PEER, isChokingUs: true }] })],
  ])('says %s once ten seconds have passed', (reason, stalled) => {
    const detector = new StallDetector();
    expect(detector.observe(stalled, false, 5_000)).toBeUndefined();
    expect(detector.observe(stalled, false, 14_999)).toBeUndefined();
    expect(detector.observe(stalled, false, 15_000)).toBe(reason);
  });

  it('begins anew with every byte that arrives', () => {
    const detector = new StallDetector();
    detector.observe(status(), false, 0);
    expect(detector.observe(status({ downloadedBytes: 1 }), false, 10_000)).toBeUndefined();
    expect(detector.observe(status({ downloadedBytes: 1 }), false, 19_999)).toBeUndefined();
    expect(detector.observe(status({ downloadedBytes: 1 }), false, 20_000)).toBe('no-peers-known');
  });

  it('says at once that the disk fails', () => {
    expect(new StallDetector().observe(status(), true, 0)).toBe('disk-error');
  });

  it('has no complaint when nothing is missing', () => {
    const detector = new StallDetector();
    const whole = status({ haveBytes: 1000 });
    detector.observe(whole, true, 0);
    expect(detector.observe(whole, true, 60_000)).toBeUndefined();
  });
});
