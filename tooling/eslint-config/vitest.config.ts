import { vitestConfig } from '@p2p/vitest-config';

export default vitestConfig();
