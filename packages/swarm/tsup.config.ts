import { tsupConfig } from '@p2p/tsup-config';
import type { Options } from 'tsup';

const config: Options = tsupConfig({
  index: 'src/index.ts',
  'node/index': 'src/node/index.ts',
  'testing/index': 'src/testing/index.ts',
});

export default config;
