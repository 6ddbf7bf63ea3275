import type { Scenario } from '../scenario.js';
import { OVERLAY_ARRIVALS } from './overlay-arrivals.js';
import { OVERLAY_FLASH_JOIN } from './overlay-flash-join.js';
import { OVERLAY_PARTITION } from './overlay-partition.js';
import { FLASH_CROWD } from './s01-flash-crowd.js';

/** Every scenario of `p2p-sim model`, by id. */
export const SCENARIOS: readonly Scenario[] = [FLASH_CROWD, OVERLAY_ARRIVALS, OVERLAY_FLASH_JOIN, OVERLAY_PARTITION];
