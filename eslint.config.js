import config from './tooling/eslint-config/index.js';

// For the plain Node scripts of tooling/; each package has its own.
export default config(import.meta.dirname);
