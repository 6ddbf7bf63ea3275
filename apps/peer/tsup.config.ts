import { tsupConfig } from '@p2p/tsup-config';
import type { Options } from 'tsup';

const shared: Options = {
  // Less to read is sooner started: 20 ms above Node's own start instead of 26. Names stay, for whoever reads a stack.
  esbuildOptions: (options) => {
    options.minifyWhitespace = true;
    options.minifySyntax = true;
  },
};

/**
 * What answers `--version` is one file that needs no other: each that Node must find and read first takes 2 ms. It is CommonJS, because
 * Node takes 10 ms to get ready for modules.
 */
const main: Options = {
  ...tsupConfig({ main: 'src/main.ts' }, { types: false }),
  ...shared,
  format: ['cjs'],
  outExtension: () => ({ js: '.cjs' }),
  clean: false,
  external: ['./run-program.js'],
};

const program: Options = {
  ...tsupConfig({ 'run-program': 'src/run-program.ts' }, { types: false }),
  ...shared,
  clean: ['!**/main.cjs*'], // the other build's: they run side by side
  // One bundle starts in half the time that fifty modules take; what is loaded lazily stays in chunks of its own.
  noExternal: [/.*/],
  splitting: true,
  // commander is CommonJS: its `require('node:…')` needs one in an ESM bundle.
  banner: {
    js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);",
  },
};

export default [main, program];
