export { OUR_EXTENSIONS } from '../core/extensions/extending.js';
export { IdealSwarm, type IdealSwarmOptions } from './ideal-swarm.js';
export { MemoryNetwork, type MemoryHostOptions, type MemoryNetworkOptions } from './memory-network.js';
export { MemoryStorage, type MemoryStorageOptions, type StorageFaults } from './memory-storage.js';
export { pendingDial, type PendingDial, type PendingDialParts } from './pending-dial.js';
export { Recording, TraceHash, type RecordedField } from './recording.js';
export { SeededRandom } from './seeded-random.js';
export { VirtualClock } from './virtual-clock.js';
