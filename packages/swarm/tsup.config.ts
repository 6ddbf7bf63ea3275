import { tsupConfig } from '@p2p/tsup-config';

export default tsupConfig({
  index: 'src/index.ts',
  'node/index': 'src/node/index.ts',
  'testing/index': 'src/testing/index.ts',
});
