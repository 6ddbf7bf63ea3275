import type { Clock, Input, Link, OpenLink, Payload } from '@p2p/swarm';
import { describe, expect, it } from 'vitest';

import type { Observation } from '../../../src/model/checkers/observation.js';
import { blockReference, type BlockReference } from '../../../src/model/payload/block-reference.js';
import { REFERENCE_TRUTH } from '../../../src/model/soup/payload-truth.js';
import { runSoupIn } from '../../../src/model/soup/run-soup.js';
import type { PlantedBug } from '../../../src/model/soup/soup-node.js';
import type { NodePlan, SoupPlan } from '../../../src/model/soup/soup-plan.js';
import { addressOf } from '../../../src/model/world/sim-peer.js';

/*
 * Each bug is planted in a world in which nothing else goes wrong: the checker of the rule it breaks must complain, and no
 * other one. Bugs are planted between a node and its links, beneath the links, or in the disks; a rule that no message can
 * break alone is broken in what the world says of itself.
 */

const NODE: NodePlan = {
  joinAt: 0,
  behaviour: 'honest',
  isSeeder: false,
  isHidden: false,
  knowsMetadata: true,
  upBytesPerSecond: 1_000_000,
  downBytesPerSecond: 4_000_000,
  latencyMs: 10,
  diskDelayMs: 0,
  maxPeers: 100,
  targetPeers: 40,
  uploadSlots: 8,
  requestQueueLimit: 2_000,
};

function plan(change: Partial<SoupPlan> = {}): SoupPlan {
  return {
    seed: 1,
    payload: 'refs',
    pieces: 16,
    pieceBytes: 65_536,
    lastPieceBytes: 1_000,
    nodes: [{ ...NODE, isSeeder: true }, NODE, { ...NODE, joinAt: 100 }, { ...NODE, joinAt: 200 }],
    faults: [],
    healAt: 5_000,
    core: [0, 1, 2, 3],
    ...change,
  };
}

/** The rules that complained, each once. */
function rulesBroken(planted: PlantedBug<BlockReference>, change: Partial<SoupPlan> = {}): string[] {
  const { violations } = runSoupIn(plan(change), REFERENCE_TRUTH, planted);
  return [...new Set(violations.map((violation) => violation.split(' ')[0] ?? ''))];
}

/** Changes how the links of one node send. */
function sending<P extends Payload>(victim: number, change: (link: Link<P>, send: Link<P>['send']) => Link<P>['send']) {
  return (open: OpenLink<P>, node: number): OpenLink<P> =>
    (session, connection, sink, expects) => {
      const link = open(session, connection, sink, expects);
      if (node === victim) link.send = change(link, link.send.bind(link));
      return link;
    };
}

/** Changes what the world shows. */
function shown(change: (observation: Observation) => Observation): PlantedBug<BlockReference> {
  return { observation: change };
}

describe('planted bugs', () => {
  it('finds nothing where nothing is wrong', () => {
    expect(rulesBroken({})).toEqual([]);
  });

  it('S1: a node that says it has a piece which it has not', () => {
    const node = sending<BlockReference>(1, (_link, send) => (message) => {
      send(message.type === 'haveNone' ? { type: 'have', piece: 3 } : message);
    });
    expect(rulesBroken({ node })).toContain('S1');
  });

  it('S2: a node that stores whatever it is sent, and says it is complete with a file that is not the original', () => {
    // The polluter comes to node 0, and is faster than who has the file.
    const polluter = { ...NODE, behaviour: 'polluter' as const };
    const nodes = [NODE, { ...NODE, isSeeder: true, upBytesPerSecond: 50_000 }, polluter];
    expect(rulesBroken({}, { nodes })).toEqual([]);
    expect(rulesBroken({ skipsVerification: true }, { nodes })).toContain('S2');
  });

  it('S3: a node that answers twice', () => {
    const node = sending<BlockReference>(0, (_link, send) => (message) => {
      send(message);
      if (message.type === 'piece' && message.piece === 5) send(message);
    });
    expect(rulesBroken({ node })).toEqual(['S3']);
  });

  it('S4: a network that swallows a message', () => {
    const network = sending<BlockReference>(0, (_link, send) => (message) => {
      if (message.type !== 'keepAlive' && message.type !== 'allowedFast' && message.type !== 'unchoke') send(message);
      else if (message.type === 'unchoke') {
        send({ type: 'keepAlive' });
        send(message);
      }
    });
    expect(rulesBroken({ network })).toEqual(['S4']);
  });

  it('S4: a network that spoils a block', () => {
    const network = sending<BlockReference>(1, (_, send) => (message) => {
      send(message.type === 'piece' ? { ...message, data: blockReference(message.data.length, true) } : message);
    });
    // Those who receive such blocks cannot but ban who sent them.
    expect(rulesBroken({ network })).toContain('S4');
  });

  it('S5: a node that has more sessions than it may', () => {
    const limited = shown((seen) =>
      seen.kind === 'started' ? { ...seen, limits: { ...seen.limits, maxPeers: 1 } } : seen,
    );
    expect(rulesBroken(limited)).toEqual(['S5']);
  });

  it('S5: a node that unchokes everybody, and has one slot', () => {
    const slow = { ...NODE, isSeeder: true, uploadSlots: 1, upBytesPerSecond: 20_000 };
    const nodes = [slow, NODE, { ...NODE, joinAt: 100 }, { ...NODE, joinAt: 200 }];
    const node = sending<BlockReference>(0, (_link, send) => (message) => {
      send(message);
      if (message.type === 'extended' && message.extensionId === 0) send({ type: 'unchoke' });
    });
    expect(rulesBroken({}, { nodes })).toEqual([]);
    expect(rulesBroken({ node }, { nodes })).toContain('S5');
  });

  it('S5: a node that uploads more than it was told', () => {
    const limitUp = 200_000;
    const nodes = [{ ...NODE, isSeeder: true, limitUp }, NODE, { ...NODE, joinAt: 100 }, { ...NODE, joinAt: 200 }];
    expect(rulesBroken({}, { nodes })).toEqual([]);
    const unheard = shown((seen) =>
      seen.kind === 'started' && seen.node === 0
        ? { ...seen, limits: { ...seen.limits, uploadBytesPerSecond: limitUp } }
        : seen,
    );
    expect(rulesBroken(unheard)).toEqual(['S5']);
  });

  it('S6: a node that has two sessions with one peer', () => {
    // Whoever is at the other end of node 2's sessions is taken for node 0, by one peer id.
    const bug = shown((seen) => {
      if (seen.kind === 'endOpened' && seen.node === 2) return { ...seen, peer: 0 };
      if (seen.kind === 'shookHands') return { ...seen, handshake: { ...seen.handshake, peerId: new Uint8Array(20) } };
      return seen;
    });
    expect(rulesBroken(bug)).toContain('S6');
  });

  it('S8: a node that spoils what it receives, and bans an honest one for it', () => {
    const node = (open: OpenLink<BlockReference>, index: number): OpenLink<BlockReference> =>
      index !== 1
        ? open
        : (session, connection, sink, expects) =>
            open(session, connection, (inputs) => sink(inputs.map(spoilt)), expects);
    expect(rulesBroken({ node })).toContain('S8');
  });

  it('S9: a disk whose journal is ahead of its data', () => {
    const faults = [400, 600, 800, 1_000, 1_200].map(
      (at) => ({ kind: 'kill', at, node: 1, restartAt: at + 50, keepsState: true }) as const,
    );
    expect(rulesBroken({}, { faults })).toEqual([]);
    expect(rulesBroken({ journalsBeforeSync: true }, { faults })).toEqual(['S9']);
  });

  it('S10: a node that stops and leaves a timer', () => {
    const faults = [{ kind: 'leave', at: 2_000, node: 1, restartAt: 3_000 }] as const;
    // Timers cannot be taken back.
    const clock = (whole: Clock): Clock => ({
      now: () => whole.now(),
      schedule: (at, wake) => {
        whole.schedule(at, wake);
        return () => undefined;
      },
    });
    expect(rulesBroken({}, { faults })).toEqual([]);
    expect(rulesBroken({ clock }, { faults })).toContain('S10');
  });

  it('S11: a node that promises pieces, and never says that they are there', () => {
    // It takes long enough for a promise to be missed.
    const slow = { ...NODE, upBytesPerSecond: 50_000 };
    const nodes = [{ ...slow, isSeeder: true }, slow, { ...slow, joinAt: 100 }, { ...slow, joinAt: 200 }];
    const node = sending<BlockReference>(1, (_link, send) => (message) => {
      if (message.type !== 'have') send(message);
    });
    expect(rulesBroken({}, { nodes })).toEqual([]);
    expect(rulesBroken({ node }, { nodes })).toEqual(['S11']);
  });

  it('S7: a node that tells the same again at once', () => {
    const node = sending<BlockReference>(0, (_link, send) => (message) => {
      send(message);
      if (message.type === 'extended' && message.extensionId === UT_PEX) send(message);
    });
    expect(rulesBroken({ node })).toEqual(['S7']);
  });

  it('L1: a node that never says it is interested', () => {
    const node = sending<BlockReference>(1, (_link, send) => (message) => {
      if (message.type !== 'interested') send(message);
    });
    expect(rulesBroken({ node })).toEqual(['L1']);
  });

  it('L2: a node that shakes hands with nobody, and so cannot complete', () => {
    const node = (open: OpenLink<BlockReference>, index: number): OpenLink<BlockReference> =>
      index !== 3
        ? open
        : (session, connection, sink, expects) => {
            const link = open(session, connection, sink, expects);
            link.sendHandshake = () => undefined;
            return link;
          };
    expect(rulesBroken({ node })).toEqual(['L1', 'L2']);
  });

  it('L3: a node that waits for ever for what one peer does not send, while another has it', () => {
    const nodes = [NODE, { ...NODE, isSeeder: true }, { ...NODE, isSeeder: true }];
    // Some pieces node 1 never sends, and is not silent otherwise; node 0 asks nobody else for them.
    const isStuck = (piece: number): boolean => piece < 4;
    const node =
      (open: OpenLink<BlockReference>, index: number): OpenLink<BlockReference> =>
      (session, connection, sink, expects) => {
        const link = open(session, connection, sink, expects);
        const send = link.send.bind(link);
        const isToNode1 = connection.remote.host === addressOf(1).host;
        link.send = (message) => {
          const isAnswer = message.type === 'piece' || message.type === 'reject';
          if (index === 1 && isAnswer && isStuck(message.piece)) return;
          if (index === 0 && message.type === 'request' && isStuck(message.piece) && !isToNode1) return;
          send(message);
        };
        return link;
      };
    expect(rulesBroken({}, { nodes, core: [0, 1, 2] })).toEqual([]);
    // What it keeps from node 2 is asked of nobody, as far as can be seen: by L4 that is wrong too.
    expect(rulesBroken({ node }, { nodes, core: [0, 1, 2] })).toContain('L3');
  });

  it('L4: a node that never asks for one piece, and so cannot complete', () => {
    const node = sending<BlockReference>(1, (_link, send) => (message) => {
      if (message.type !== 'request' || message.piece !== 7) send(message);
    });
    expect(rulesBroken({ node })).toEqual(['L4', 'L1']);
  });
});

function spoilt(input: Input<BlockReference>): Input<BlockReference> {
  if (input.kind !== 'message' || input.message.type !== 'piece') return input;
  return { ...input, message: { ...input.message, data: blockReference(input.message.data.length, true) } };
}

/** The number under which our nodes want `ut_pex`. */
const UT_PEX = 1;
