import { Choker } from '../../src/core/uploading/choker.js';
import type { ChokerPeer } from '../../src/core/uploading/choking/choker-policy.js';
import { type ChokerRule, policyOf, type SeedChokerRule } from '../../src/core/uploading/choking/choker-rules.js';
import { SeededRandom } from '../../src/testing/seeded-random.js';

export function chokerOf(
  slots: number,
  { seed = 1, leeching = 'rate-based', seeding = 'round-robin' }: ChokerChoices = {},
): Choker {
  const random = new SeededRandom(seed);
  const policy = (rule: ChokerRule): ReturnType<typeof policyOf> => policyOf(rule, random, 30_000);
  return new Choker({ slots, roundMs: 10_000, leeching: policy(leeching), seeding: policy(seeding) });
}

export function peer(session: number, more: Partial<ChokerPeer> = {}): ChokerPeer {
  return {
    session,
    isInterested: true,
    isUnchoked: false,
    downloadedInRound: 0,
    upBytesPerSecond: 0,
    unchokedAt: undefined,
    connectedAt: 0,
    isSnubbed: false,
    uploadedSinceUnchoke: 0,
    pieceShare: 0,
    ...more,
  };
}

interface ChokerChoices {
  readonly seed?: number;
  readonly leeching?: ChokerRule;
  readonly seeding?: SeedChokerRule;
}
