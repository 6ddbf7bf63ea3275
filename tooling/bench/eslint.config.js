import config from '@p2p/eslint-config';

export default config(import.meta.dirname);
