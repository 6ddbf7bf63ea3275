import { relative, resolve, sep } from 'node:path';

import js from '@eslint/js';
import { defineConfig, globalIgnores } from 'eslint/config';
import prettier from 'eslint-config-prettier';
import n from 'eslint-plugin-n';
import tseslint from 'typescript-eslint';

import { determinism } from './determinism.js';
import { layers } from './layers.js';
import { plugin } from './plugin.js';
import { sizes } from './sizes.js';

const repositoryRoot = resolve(import.meta.dirname, '..', '..');

/**
 * The lint rules of one package. Which layer and determinism rules bind it follows from where it lies
 * (`packages/wire`, `apps/peer`, ...).
 *
 * @param {string} directory the package's folder: pass `import.meta.dirname`
 */
export default (directory) => {
  const location = relative(repositoryRoot, directory).split(sep).join('/');
  return defineConfig(
    globalIgnores(['dist/', 'coverage/', 'test/fixtures/', '*.config.{js,ts}']),
    js.configs.recommended,
    tseslint.configs.strictTypeChecked,
    n.configs['flat/recommended-module'],
    { languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: directory } } },
    { linterOptions: { reportUnusedDisableDirectives: 'error', reportUnusedInlineConfigs: 'error' } },
    { plugins: { p2p: plugin }, settings: { n: { version: '^20.19.0 || >=22.12.0' } }, rules: everywhere },
    // Deliberately not in a tsconfig: launchers and plain Node scripts.
    { files: ['**/*.{js,mjs,cjs}'], extends: [tseslint.configs.disableTypeChecked] },
    // A launcher that starts sooner than a module could.
    {
      files: ['**/*.cjs'],
      extends: [n.configs['flat/recommended-script']],
      rules: { '@typescript-eslint/no-require-imports': 'off' },
    },
    sizes,
    layers(location),
    determinism(location),
    // Tests may use what the newest Node offers, and a `describe` is one long function.
    { files: ['test/**'], rules: { 'n/no-unsupported-features/node-builtins': 'off' } },
    prettier,
  );
};

/** @type {import('eslint').Linter.RulesRecord} */
const everywhere = {
  eqeqeq: 'error',
  'p2p/no-type-assertion': 'error',
  '@typescript-eslint/consistent-type-imports': 'error',
  '@typescript-eslint/switch-exhaustiveness-check': 'error',
  '@typescript-eslint/no-floating-promises': 'error',
  '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
  '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
  '@typescript-eslint/no-unnecessary-condition': ['error', { allowConstantLoopConditions: 'only-allowed-literals' }],
  '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
  'n/prefer-node-protocol': 'error',
  'n/no-unsupported-features/node-builtins': ['error', { allowExperimental: true }],
  'n/no-missing-import': 'off', // TypeScript checks it.
  'n/no-unpublished-import': 'off', // Sources are bundled: only `dist` is published.
  'n/hashbang': 'off', // The launcher is in `bin`, the program in `dist`.
  'n/no-process-exit': 'off', // A second Ctrl-C leaves at once; libraries cannot name `process` at all.
};
