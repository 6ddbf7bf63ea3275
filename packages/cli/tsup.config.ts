import { tsupConfig } from '@p2p/tsup-config';
import type { Options } from 'tsup';

const config: Options = tsupConfig({ index: 'src/index.ts' });

export default config;
