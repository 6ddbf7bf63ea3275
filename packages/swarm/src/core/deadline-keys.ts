/** The core's own deadlines, beside those of sessions (whose keys are their ids, from 1). */
export const DEADLINE = {
  choke: -1,
  dial: -2,
  peerExchange: -3,
  metadata: -4,
  uploadLimit: -5,
  downloadLimit: -6,
  retryStorage: -7,
  gossip: -8,
  upkeep: -9,
  uploadStall: -10,
  downloadRoom: -11,
  offers: -12,
  promises: -13,
} as const;
