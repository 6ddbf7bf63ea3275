import { describe, expect, it } from 'vitest';

import { UplinkShares } from '../../src/core/uploading/uplink-shares.js';

const BY_TURN = 30;
const WITH_SLOT = 3;

describe('UplinkShares', () => {
  it('gives each kind as many blocks as it has peers, where both always wait', () => {
    expectShares(new UplinkShares(), 1_100);
  });

  it('keeps to that at every moment, not in the long run only', () => {
    const shares = new UplinkShares();
    for (let run = 0; run < 100; run++) expectShares(shares, BY_TURN + WITH_SLOT);
  });

  it('lets neither kind save up more than four blocks for each of its peers while it has nothing to ask for', () => {
    const turnsComeBack = new UplinkShares();
    for (let count = 0; count < 1_000; count++) turnsComeBack.sent(false, WITH_SLOT);
    expectBetween(inARow(turnsComeBack, true), BY_TURN, 4 * BY_TURN + 1);
    expectShares(turnsComeBack, 1_100);

    const slotsComeBack = new UplinkShares();
    for (let count = 0; count < 10_000; count++) slotsComeBack.sent(true, BY_TURN);
    expectBetween(inARow(slotsComeBack, false), WITH_SLOT, 4 * WITH_SLOT + 1);
    expectShares(slotsComeBack, 1_100);
  });
});

/** Sends so many blocks, and expects that each kind gets its share of them, give or take a few. */
function expectShares(shares: UplinkShares, blockCount: number): void {
  const byTurn = Array.from({ length: blockCount }, () => sendNext(shares)).filter((isByTurn) => isByTurn).length;
  const fair = (blockCount * BY_TURN) / (BY_TURN + WITH_SLOT);
  expectBetween(byTurn, fair - 3, fair + 3);
}

/** How many blocks go to the kind whose turn it is before the other gets one. */
function inARow(shares: UplinkShares, isByTurn: boolean): number {
  let count = 0;
  while (sendNext(shares) === isByTurn) count += 1;
  return count;
}

/** Whether the next block, where both kinds wait, is for one who takes turns. */
function sendNext(shares: UplinkShares): boolean {
  const isByTurn = shares.areTurnsFirst;
  shares.sent(isByTurn, isByTurn ? BY_TURN : WITH_SLOT);
  return isByTurn;
}

function expectBetween(count: number, least: number, most: number): void {
  expect(count).toBeGreaterThanOrEqual(least);
  expect(count).toBeLessThanOrEqual(most);
}
