/**
 * The build of every package: ESM for Node 20, one file per entry, with types for libraries.
 *
 * @param {Record<string, string>} entry output name -> source file
 * @param {{ types?: boolean }} [options] `types: false` for apps (saves 1.5 s each)
 * @returns {import('tsup').Options}
 */
export function tsupConfig(entry, { types = true } = {}) {
  return {
    entry,
    format: ['esm'],
    target: 'node20',
    sourcemap: true,
    clean: true,
    removeNodeProtocol: false, // else tsup turns node:crypto into crypto
    // tsup 8 always sets baseUrl, an error in TypeScript 6 (TS5101).
    dts: types && { compilerOptions: { ignoreDeprecations: '6.0', customConditions: [] } },
  };
}
