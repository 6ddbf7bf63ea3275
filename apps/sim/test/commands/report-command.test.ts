import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

import { fixtureResult, lineOf } from '../report/fixture-results.js';
import { sim } from '../sim.js';
import { temporaryFolder } from '../temporary-folder.js';

function resultsFile(folder: string, name = 'results.jsonl', text = lineOf(fixtureResult())): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

describe('p2p-sim report', () => {
  it('writes one page that holds all it needs, and leaves stdout alone', async () => {
    const folder = temporaryFolder();
    const out = join(folder, 'report.html');
    const outcome = await sim(['report', resultsFile(folder), '-o', out]);
    expect(outcome).toEqual({ exitCode: 0, stdout: '', stderr: `Wrote ${out} with 5 pictures.\n` });
    const page = readFileSync(out, 'utf8');
    expect(page.match(/<svg /g)).toHaveLength(5);
    expect(page.replaceAll('http://www.w3.org/2000/svg', '')).not.toMatch(/https?:|<script|@import|url\(/);
  });

  it('writes each picture as a file of its own with --svg', async () => {
    const folder = temporaryFolder();
    const svg = join(folder, 'deep', 'pictures');
    await sim(['report', resultsFile(folder), '-o', join(folder, 'report.html'), '--svg', svg]);
    expect(readdirSync(svg)).toContain('s01-completion.svg');
    expect(readFileSync(join(svg, 's01-completion.svg'), 'utf8')).toMatch(
      /^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg"/,
    );
  });

  it('merges files, and says what came twice', async () => {
    const folder = temporaryFolder();
    const [one, two] = [
      resultsFile(folder, 'a'),
      resultsFile(folder, 'b', lineOf(fixtureResult({ seed: 2 })) + lineOf(fixtureResult())),
    ];
    const out = join(folder, 'report.html');
    await sim(['report', two, one, '--out', out]);
    expect(readFileSync(out, 'utf8')).toContain('2 simulated runs of 1 scenario. 1 repeated result left out.');
  });

  it('draws what p2p-sim model prints', async () => {
    const folder = temporaryFolder();
    const { stdout } = await sim(['model', '--scenario', 'S01', '--peers', '4', '--pieces', '8', '--json']);
    const out = join(folder, 'report.html');
    const { exitCode, stderr } = await sim(['report', resultsFile(folder, 'real', stdout), '-o', out]);
    expect(exitCode, stderr).toBe(0);
    expect(readFileSync(out, 'utf8')).toContain('How the file grows at every peer');
  });

  it.each([
    ['no file', [], 2, 'results'],
    ['a file that is not there', ['/no/such'], 2, '/no/such: expected a file of results'],
    ['a place that cannot be written to', ['RESULTS', '-o', '/no/such/report.html'], 2, 'the report cannot be written'],
    ['a line that is no result', ['BAD'], 1, ':1: expected'],
    ['a file without results', ['EMPTY'], 1, 'there is no result'],
  ])('refuses %s', async (_, args, code, named) => {
    const folder = temporaryFolder();
    const files: Record<string, string> = {
      RESULTS: resultsFile(folder),
      BAD: resultsFile(folder, 'bad', '{}\n'),
      EMPTY: resultsFile(folder, 'empty', '\n'),
    };
    const out = join(folder, 'out.html');
    const { exitCode, stderr } = await sim([
      'report',
      ...args.map((argument) => files[argument] ?? argument),
      ...(args.includes('-o') ? [] : ['-o', out]),
    ]);
    expect(exitCode).toBe(code);
    expect(stderr).toContain(named);
    expect(existsSync(out)).toBe(false);
  });
});
