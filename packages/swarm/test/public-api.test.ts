/** What may be imported is a promise: growing a list is a decision, and a name that vanishes breaks somebody. */
import { describe, expect, it } from 'vitest';

import * as swarm from '../src/index.js';
import * as node from '../src/node/index.js';
import * as testing from '../src/testing/index.js';

describe('the exported names', () => {
  it('of @p2p/swarm', () => {
    expect(Object.keys(swarm).sort()).toEqual([
      'CHOKER_RULES',
      'DEFAULT_SWARM_OPTIONS',
      'PeerNode',
      'SEED_CHOKER_RULES',
      'Swarm',
      'SwarmError',
      'describeCloseReason',
      'openPeerLink',
      'resolveSwarmOptions',
    ]);
  });

  it('of @p2p/swarm/node', () => {
    expect(Object.keys(node).sort()).toMatchInlineSnapshot(`
      [
        "SystemClock",
        "SystemRandom",
        "TcpTransport",
        "createNodePorts",
      ]
    `);
  });

  it('of @p2p/swarm/testing', () => {
    expect(Object.keys(testing).sort()).toMatchInlineSnapshot(`
      [
        "IdealSwarm",
        "MemoryNetwork",
        "MemoryStorage",
        "OUR_EXTENSIONS",
        "Recording",
        "SeededRandom",
        "TraceHash",
        "VirtualClock",
        "pendingDial",
      ]
    `);
  });
});
