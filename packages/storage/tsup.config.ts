import { tsupConfig } from '@p2p/tsup-config';

export default tsupConfig({ index: 'src/index.ts', 'hash-worker': 'src/hash-worker.ts' });
