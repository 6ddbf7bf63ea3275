import type { Scenario } from '../scenario.js';
import { FLASH_CROWD } from './s01-flash-crowd.js';

/** Every scenario of `p2p-sim model`, by id. */
export const SCENARIOS: readonly Scenario[] = [FLASH_CROWD];
