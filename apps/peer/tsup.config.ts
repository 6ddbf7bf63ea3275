import { tsupConfig } from '@p2p/tsup-config';

export default tsupConfig({ main: 'src/main.ts' }, { types: false });
