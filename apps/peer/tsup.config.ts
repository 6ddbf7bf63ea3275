import { tsupConfig } from '@p2p/tsup-config';
import type { Options } from 'tsup';

const config: Options = tsupConfig({ main: 'src/main.ts' }, { types: false });

export default config;
