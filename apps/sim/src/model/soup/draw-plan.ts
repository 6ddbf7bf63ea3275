import { SeededRandom } from '@p2p/swarm/testing';

import { HOSTILE_BEHAVIOURS, type Behaviour, type Fault } from '../faults/fault.js';
import { drawFault, FAULT_KINDS } from '../faults/draw-fault.js';
import { chance, drawFrom, draw, skewed } from '../faults/lots.js';
import type { NodePlan, SoupPlan } from './soup-plan.js';

/**
 * Draws a world from a seed. Its *parameters* are drawn first (how many nodes, how much goes wrong, which kinds of faults
 * there are at all), then the rest by them, so that the seeds cover calm worlds and brutal ones ("swarm testing", as
 * TigerBeetle's VOPR does it).
 *
 * | what                    | range                                                             |
 * | ----------------------- | ----------------------------------------------------------------- |
 * | nodes                   | 2 to 50, most worlds below 12                                     |
 * | pieces                  | 4 to 40 of 16 to 64 KiB, the last one shorter                     |
 * | links                   | up 64 KiB/s to 4 MiB/s, down 1 to 10 times that, 1 to 150 ms      |
 * | limits of upload        | none in four of five worlds, else half of the nodes have one: a   |
 * |                         | quarter to nine tenths of their uplinks                           |
 * | hostile nodes           | none in half of the worlds, else up to a third of the nodes       |
 * | hidden nodes (NAT)      | none in half of the worlds, else up to half of the nodes          |
 * | faults                  | 0 to 16, of a random subset of the kinds, within 5 to 90 s; in    |
 * |                         | one of ten worlds thrice that: peer exchange speaks once a minute |
 * | core                    | each node with a probability of 0.3 to 1                          |
 */
export function drawPlan(seed: number): SoupPlan {
  const random = new SeededRandom(seed).fork('plan');
  const nodeCount = Math.min(skewed(random, 2, 50), skewed(random, 2, 50));
  const pieceBytes = drawFrom(random, PIECE_BYTES);
  const isLong = chance(random.fork('long'), 10);
  const faultMs = draw(random, 5_000, 90_000) * (isLong ? 3 : 1);
  const faults = drawFaults(random.fork('faults'), nodeCount, faultMs);
  const coreChance = draw(random, 30, 100);
  return {
    seed,
    payload: chance(random, nodeCount > 16 ? 10 : 50) ? 'bytes' : 'refs',
    pieces: skewed(random, 4, 40),
    pieceBytes,
    lastPieceBytes: draw(random, 1, pieceBytes),
    nodes: drawNodes(random.fork('nodes'), nodeCount, faultMs),
    faults,
    healAt: faultMs,
    core: Array.from({ length: nodeCount }, (_, node) => node).filter(
      (node) => node === 0 || chance(random, coreChance),
    ),
  };
}

function drawNodes(random: SeededRandom, count: number, faultMs: number): NodePlan[] {
  const hostilePercent = chance(random, 50) ? draw(random, 5, 33) : 0;
  const hiddenPercent = chance(random, 50) ? draw(random, 10, 50) : 0;
  const seederPercent = chance(random, 70) ? 0 : draw(random, 5, 50);
  const lateMs = chance(random, 50) ? 1_000 : Math.floor(faultMs / 2);
  const isThin = chance(random, 30);
  const limitedPercent = chance(random.fork('limits'), 20) ? 50 : 0;
  // Sometimes the bootstrap has nothing, and the only seeder may leave for good.
  const firstSeeder = chance(random, 70) ? 0 : 1;
  return Array.from({ length: count }, (_, node) => {
    const isBootstrap = node === 0;
    const behaviour: Behaviour =
      node > firstSeeder && chance(random, hostilePercent) ? drawFrom(random, HOSTILE_BEHAVIOURS) : 'honest';
    const upBytesPerSecond = 65_536 * 2 ** draw(random, 0, 6);
    return {
      joinAt: isBootstrap ? 0 : draw(random, 0, lateMs),
      behaviour,
      isSeeder: node === firstSeeder || chance(random, seederPercent),
      isHidden: !isBootstrap && chance(random, hiddenPercent),
      knowsMetadata: node <= firstSeeder || chance(random, 80),
      upBytesPerSecond,
      downBytesPerSecond: upBytesPerSecond * draw(random, 1, 10),
      latencyMs: skewed(random, 1, 150),
      diskDelayMs: chance(random, 70) ? 0 : draw(random, 1, 50),
      maxPeers: isThin ? draw(random, 4, 8) : 100,
      targetPeers: isThin ? draw(random, 3, 4) : 40,
      uploadSlots: chance(random, 70) ? 8 : draw(random, 1, 4),
      requestQueueLimit: chance(random, 80) ? 2_000 : draw(random, 4, 64),
      ...drawLimit(random.fork(`limit ${String(node)}`), limitedPercent, upBytesPerSecond),
    };
  });
}

function drawLimit(random: SeededRandom, percent: number, upBytesPerSecond: number): Pick<NodePlan, 'limitUp'> {
  return chance(random, percent) ? { limitUp: Math.floor((upBytesPerSecond * draw(random, 25, 90)) / 100) } : {};
}

function drawFaults(random: SeededRandom, nodeCount: number, faultMs: number): Fault[] {
  const kinds = FAULT_KINDS.filter(() => chance(random, 40));
  const count = kinds.length === 0 ? 0 : skewed(random, 0, 16);
  const faults = Array.from({ length: count }, (_, index) =>
    drawFault(random.fork(String(index)), drawFrom(random, kinds), { nodeCount, faultMs }),
  );
  return faults.sort((a, b) => a.at - b.at);
}

const PIECE_BYTES = [16_384, 32_768, 65_536];
