import { basename, join } from 'node:path';

import { build } from 'tsup';

/** Makes one file of a source and all it imports, for a process of its own. Returns where it is. */
export async function buildForNode(source: string, outDir: string): Promise<string> {
  const name = basename(source, '.ts');
  await build({
    config: false,
    entry: { [name]: source },
    format: ['esm'],
    target: 'node20',
    outDir,
    noExternal: [/.*/u],
    outExtension: () => ({ js: '.mjs' }),
    removeNodeProtocol: false,
    silent: true,
    esbuildOptions: (options) => {
      options.conditions = ['@p2p/source'];
    },
  });
  return join(outDir, `${name}.mjs`);
}
