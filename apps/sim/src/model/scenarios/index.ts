import type { Scenario } from '../scenario.js';
import { OVERLAY_ARRIVALS } from './overlay-arrivals.js';
import { OVERLAY_FLASH_JOIN } from './overlay-flash-join.js';
import { OVERLAY_PARTITION } from './overlay-partition.js';
import { FLASH_CROWD } from './s01-flash-crowd.js';
import { UPLOAD_BOUND } from './s02-upload-bound.js';
import { STAGGERED } from './s03-staggered.js';
import { HETEROGENEOUS } from './s04-heterogeneous.js';
import { FREE_RIDERS } from './s05-free-riders.js';
import { CHURN } from './s06-churn.js';
import { SESSIONS } from './s07-sessions.js';
import { POLLUTERS } from './s08-polluters.js';
import { LIARS } from './s09-liars.js';
import { SLOT_THEFT } from './s10-slot-theft.js';
import { PARTITION } from './s11-partition.js';
import { BOOTSTRAP_DEATH } from './s12-bootstrap-death.js';
import { SEED_LEAVES } from './s13-seed-leaves.js';
import { LATE_JOINER } from './s14-late-joiner.js';
import { LONG_FAT } from './s15-long-fat.js';
import { GRAY_FAILURE } from './s16-gray-failure.js';
import { TAIL } from './s17-tail.js';

/** Every scenario of `p2p-sim model`, by id. */
export const SCENARIOS: readonly Scenario[] = [
  FLASH_CROWD,
  UPLOAD_BOUND,
  STAGGERED,
  HETEROGENEOUS,
  FREE_RIDERS,
  CHURN,
  SESSIONS,
  POLLUTERS,
  LIARS,
  SLOT_THEFT,
  PARTITION,
  BOOTSTRAP_DEATH,
  SEED_LEAVES,
  LATE_JOINER,
  LONG_FAT,
  GRAY_FAILURE,
  TAIL,
  OVERLAY_ARRIVALS,
  OVERLAY_FLASH_JOIN,
  OVERLAY_PARTITION,
];
