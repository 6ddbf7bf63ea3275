import type { BenchCase } from '../bench-case.js';
import type { Place } from '../place.js';
import type { CaseName, Settings } from '../settings.js';
import { codecCase } from './codec.js';
import { createCase } from './create.js';
import { hugeCase } from './huge.js';
import { idleCase } from './idle.js';
import { latencyCase } from './latency.js';
import { loopCase } from './loop.js';
import { manyCase } from './many.js';
import { smallCase } from './small.js';
import { swarmCase } from './swarm.js';
import { transferCase } from './transfer.js';

/** How each case is made ready. */
export const CASE_PLANS: Readonly<Record<CaseName, (settings: Settings, place: Place) => BenchCase>> = {
  transfer: transferCase,
  swarm: swarmCase,
  small: smallCase,
  many: manyCase,
  huge: hugeCase,
  create: createCase,
  codec: codecCase,
  idle: idleCase,
  latency: latencyCase,
  loop: loopCase,
};
