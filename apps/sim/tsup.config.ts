import { tsupConfig } from '@p2p/tsup-config';
import type { Options } from 'tsup';

const config: Options = tsupConfig(
  { main: 'src/main.ts', leash: 'src/run/leash.ts', 'soup-worker': 'src/model/soup/soup-worker.ts' },
  { types: false },
);

export default config;
