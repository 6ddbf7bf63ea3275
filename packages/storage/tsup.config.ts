import { tsupConfig } from '@p2p/tsup-config';
import type { Options } from 'tsup';

const config: Options = tsupConfig({ index: 'src/index.ts', 'hash-worker': 'src/hash-worker.ts' });

export default config;
