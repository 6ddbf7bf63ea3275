// Goal: the rules that hold layers, determinism and sizes bind everywhere; every other exception says why.
import { describe, expect, it } from 'vitest';

import { apps, filesIn, libraries, readText } from '../src/workspace.js';

const neverSwitchedOff = [
  'no-restricted-imports',
  'no-restricted-globals',
  'no-restricted-properties',
  'no-restricted-syntax',
  'max-lines',
  'max-lines-per-function',
  'max-params',
  'max-depth',
  'complexity',
];

const sources = ['packages', 'apps', 'tooling'].flatMap((group) =>
  filesIn(group)
    .filter((file) => /\.(ts|js|mjs)$/.test(file) && !/(^|\/)(node_modules|dist|fixtures)\//.test(file))
    .map((file) => `${group}/${file}`),
);
const directives = sources.flatMap((path) => directivesIn(path, readText(path)));

describe('lint directives', () => {
  it('are found wherever they are', () => {
    expect(sources.length).toBeGreaterThan(50);
    const word = 'eslint-disable'; // apart from the comment signs, or this file would find itself
    expect(directivesIn('a.ts', `\n// ${word}-next-line a, b -- why not\n`)).toEqual([
      { where: 'a.ts:2', rules: ['a', 'b'], reason: 'why not' },
    ]);
    expect(directivesIn('a.ts', `/* ${word} */`)).toEqual([{ where: 'a.ts:1', rules: [], reason: '' }]);
    expect(directivesIn('a.ts', `\n/*\n * ${word} a\n */`)).toEqual([{ where: 'a.ts:2', rules: ['a'], reason: '' }]);
  });

  it('name the rule that they switch off, and the reason', () => {
    expect(directives.filter(({ rules, reason }) => rules.length === 0 || reason.length < 10)).toEqual([]);
  });

  it('set no rule for a file: what binds it is said in tooling/eslint-config alone', () => {
    const word = 'eslint'; // apart from the comment signs, or this file would find itself
    expect(settingsIn('a.ts', `code();\n/* ${word} a: "off" */\n/*\n${word} b: 0 */`)).toEqual(['a.ts:2', 'a.ts:3']);
    expect(settingsIn('a.ts', `// ${word} a: "off"\n/* ${word}-disable a -- no setting */`)).toEqual([]);
    expect(sources.flatMap((path) => settingsIn(path, readText(path)))).toEqual([]);
  });

  it('are not needed: every package takes the shared configuration as it is', () => {
    for (const { folder } of [...libraries, ...apps]) {
      expect(readText(`${folder}/eslint.config.js`), folder).toBe(
        `import config from '@p2p/eslint-config';\n\nexport default config(import.meta.dirname);\n`,
      );
    }
  });

  it('never switch off what holds the layers, determinism and the sizes', () => {
    expect(directives.filter(({ rules }) => rules.some((rule) => neverSwitchedOff.includes(rule)))).toEqual([]);
  });
});

interface Directive {
  readonly where: string;
  readonly rules: readonly string[];
  readonly reason: string;
}

function directivesIn(path: string, text: string): Directive[] {
  const found = text.matchAll(/(?:\/\/|\/\*[\s*]*)[^\S\n]*eslint-disable(?:-next-line|-line)?\b([^*\n]*)/g);
  return [...found].map(({ index, 1: rest = '' }) => {
    const [rules = '', reason = ''] = rest.split(/\s--\s/);
    const names = rules.split(',').map((rule) => rule.trim());
    return { where: whereIs(path, text, index), rules: names.filter((rule) => rule !== ''), reason: reason.trim() };
  });
}

/** Comments that set rules for their file, which ESLint reads in block comments only. */
function settingsIn(path: string, text: string): string[] {
  return [...text.matchAll(/\/\*[\s*]*eslint\s/g)].map(({ index }) => whereIs(path, text, index));
}

function whereIs(path: string, text: string, offset: number): string {
  return `${path}:${text.slice(0, offset).split('\n').length}`;
}
