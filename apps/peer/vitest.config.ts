import { vitestConfig } from '@p2p/vitest-config';

/** Real processes on a machine that may be busy: nothing here waits longer than it must. */
export default vitestConfig({ testTimeout: 120_000 });
