import { vitestConfig } from '@p2p/vitest-config';

// The worker thread of Node 20 cannot be TypeScript: its script is built before the tests, if it is not up to date.
export default vitestConfig({ globalSetup: ['test/build-worker.ts'] });
