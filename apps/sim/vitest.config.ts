import { vitestConfig } from '@p2p/vitest-config';

// A simulated swarm takes what it takes: twice as long on a busy machine.
export default vitestConfig({ testTimeout: 120_000 });
