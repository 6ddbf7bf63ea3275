import { z } from 'zod';

import type { ModelResult } from '../model/model-result.js';

/** What the report reads of a result of `p2p-sim run --json`. */
export type RealRun = z.infer<typeof realRunSchema>;

/** JSON has no infinity: a time or ratio that was never reached is written as null. */
const reached = z
  .number()
  .nullable()
  .transform((value) => value ?? Infinity);
const numbers = z.array(z.number());

const checkSchema = z.object({
  name: z.string(),
  rule: z.enum(['atMost', 'atLeast']),
  limit: z.number(),
  actual: reached,
  holds: z.boolean(),
});

const overlaySampleSchema = z.object({
  at: z.number(),
  meanDegree: z.number(),
  maxDegree: z.number(),
  diameter: z.number(),
  meanPath: z.number(),
  clustering: z.number(),
  components: z.number(),
  largestShare: z.number(),
});

const seriesSchema = z
  .object({
    at: numbers,
    uplinkUse: numbers,
    availabilityMin: numbers,
    availabilityMean: numbers,
    finishedPeers: numbers,
    livingPeers: numbers,
    progress: z.array(numbers),
    overlay: z.array(overlaySampleSchema),
    faults: z.array(z.object({ at: z.number(), label: z.string() })),
  })
  .superRefine(({ at, progress, overlay: _overlay, faults: _faults, ...lists }, context) => {
    for (const [name, list] of [
      ...Object.entries(lists),
      ...progress.map((row, peer) => [`progress.${peer}`, row] as const),
    ]) {
      if (list.length === at.length) continue;
      context.addIssue({
        code: 'custom',
        path: [name],
        message: `expected ${at.length} numbers, one for each time, got ${list.length}`,
      });
    }
  });

export const modelResultSchema = z.object({
  schema: z.literal('p2p-sim/model/1'),
  scenario: z.string().min(1),
  seed: z.number(),
  peers: z.number().int().min(1),
  pieces: z.number(),
  pieceBytes: z.number(),
  linkModel: z.enum(['chunk', 'fluid', 'ideal']),
  payload: z.enum(['refs', 'bytes']),
  settings: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
  bound: z.object({ name: z.enum(['LB1', 'LB2', 'LBt']), seconds: z.number().positive() }),
  completionSeconds: numbers,
  incomplete: z.number().int().min(0),
  ratio: z.object({ p50: reached, p95: reached, max: reached }),
  seederCopies: z.number(),
  duplicateShare: z.number(),
  wastedShare: z.number(),
  controlShare: z.number(),
  uplinkUse: z.number(),
  checks: z.array(checkSchema),
  sometimes: z.record(z.string(), z.number()),
  series: seriesSchema,
  events: z.number(),
  // Results of earlier versions lack it.
  command: z.string().default(''),
  wallSeconds: z.number(),
  peakMemoryBytes: z.number(),
  traceHash: z.string(),
}) satisfies z.ZodType<ModelResult>;

export const realRunSchema = z.object({
  event: z.literal('result'),
  mode: z.literal('run'),
  peers: z.number().int().min(2),
  seeders: z.number().int().min(1),
  seed: z.number(),
  length: z.number(),
  pieces: z.number().nullable(),
  boundSeconds: z.number().positive().nullable(),
  incomplete: z.number().int().min(0),
  nodes: z.array(z.object({ role: z.enum(['seeder', 'leecher']), seconds: z.number().nullable() })),
});
