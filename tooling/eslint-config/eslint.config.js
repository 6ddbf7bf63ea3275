import config from './index.js';

export default config(import.meta.dirname);
