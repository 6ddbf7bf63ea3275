// Goal: every rule that holds a layer, determinism or a size fires where it should, and stays silent where it should.
// Method: each file of fixtures/ says in its first two lines as what file it is linted, and which rule must report it
// (with a part of the message, where the message is ours). "expect: nothing" means that the file must pass.
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

import { ESLint, type Linter } from 'eslint';
import tseslint from 'typescript-eslint';
import { describe, expect, it } from 'vitest';

import config from '../index.js';

const repositoryRoot = join(import.meta.dirname, '..', '..', '..');
const fixtures = join(import.meta.dirname, 'fixtures');

describe('the lint configuration', () => {
  for (const name of readdirSync(fixtures)) {
    const fixture = readFixture(name);
    it(`reports ${fixture.rule ?? 'nothing'} in ${name}`, async () => {
      const reports = await lint(fixture);
      expect([...new Set(reports.map(ruleOf))]).toEqual(fixture.rule === undefined ? [] : [fixture.rule]);
      expect(reports.map((report) => report.message).join()).toContain(fixture.message);
    });
  }

  it('reports a file of more than 400 lines, not counting comments and blank lines', async () => {
    const line = (index: number): string => `export const n${index} = ${index}; // said\n\n// why\n`;
    const lines = (count: number): string => Array.from({ length: count }, (_, index) => line(index)).join('');
    expect(await rulesFor('packages/wire/src/sample.ts', lines(401))).toEqual(['max-lines']);
    expect(await rulesFor('packages/wire/src/sample.ts', lines(400))).toEqual([]);
    expect(await rulesFor('packages/wire/test/sample.ts', lines(401))).toEqual(['max-lines']);
  });

  it('reports a function of more than 60 lines, but not in tests', async () => {
    const body = '  use(1);\n'.repeat(59);
    const text = (lines: string): string => `export function long(use: (n: number) => void): void {\n${lines}}\n`;
    expect(await rulesFor('packages/wire/src/sample.ts', text(body))).toEqual(['max-lines-per-function']);
    expect(await rulesFor('packages/wire/src/sample.ts', text(body.slice(10)))).toEqual([]);
    expect(await rulesFor('packages/wire/test/sample.ts', text(body))).toEqual([]);
  });
});

interface Fixture {
  readonly path: string;
  readonly rule: string | undefined;
  readonly message: string;
  readonly text: string;
}

function readFixture(name: string): Fixture {
  const text = readFileSync(join(fixtures, name), 'utf8');
  const header = /^\/\/ as: (\S+)\n\/\/ expect: ([^\s,]+)(?:, "(.+)")?\n/.exec(text);
  if (header?.[1] === undefined)
    throw new Error(`${name} must begin with "// as: PATH" and "// expect: RULE[, "PART"]"`);
  const rule = header[2] === 'nothing' ? undefined : header[2];
  return { path: header[1], rule, message: header[3] ?? '', text: text.slice(header[0].length) };
}

/** These need types, which are slow to compute: only their fixtures pay for it. */
const typedRules = ['@typescript-eslint/switch-exhaustiveness-check', '@typescript-eslint/no-floating-promises'];

const withoutTypes: Linter.Config = tseslint.configs.disableTypeChecked;
const outsideOfAnyProject: Linter.Config = {
  languageOptions: { parserOptions: { projectService: { allowDefaultProject: ['src/*.ts'] } } },
};

async function lint({ path, text, rule }: Omit<Fixture, 'message'>): Promise<Linter.LintMessage[]> {
  const directory = join(repositoryRoot, ...path.split('/').slice(0, 2));
  const isTyped = rule !== undefined && typedRules.includes(rule);
  const eslint = new ESLint({
    cwd: directory,
    overrideConfigFile: true,
    overrideConfig: [...config(directory), isTyped ? outsideOfAnyProject : withoutTypes],
  });
  const [result] = await eslint.lintText(text, { filePath: join(repositoryRoot, path) });
  return result?.messages ?? [];
}

async function rulesFor(path: string, text: string): Promise<string[]> {
  const reports = await lint({ path, text, rule: undefined });
  return reports.map(ruleOf);
}

/** ESLint reports a parse error and an unused directive without a rule. */
function ruleOf(report: Linter.LintMessage): string {
  if (report.ruleId !== null) return report.ruleId;
  return report.message.startsWith('Unused eslint-disable') ? 'unused-directive' : report.message;
}
