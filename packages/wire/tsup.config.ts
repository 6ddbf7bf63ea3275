import { tsupConfig } from '@p2p/tsup-config';
import type { Options } from 'tsup';

const config: Options = {
  ...tsupConfig({ index: 'src/index.ts' }),
  // It is published, and would be larger than the code, types and PROTOCOL.md together; what is built reads like the source.
  sourcemap: false,
};

export default config;
