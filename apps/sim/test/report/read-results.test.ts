import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

import { readResults } from '../../src/report/read-results.js';
import { ResultCollection } from '../../src/report/result-collection.js';
import { temporaryFolder } from '../temporary-folder.js';
import { fixtureResult, fixtureRun, lineOf } from './fixture-results.js';

const NEVER = new AbortController().signal;

async function read(text: string): Promise<ResultCollection> {
  const path = join(temporaryFolder(), 'results.jsonl');
  writeFileSync(path, text);
  const collection = new ResultCollection();
  await readResults([path], collection, NEVER);
  return collection;
}

describe('readResults', () => {
  it('takes simulated and real results, and no notice of empty lines', async () => {
    const collection = await read(`\n${lineOf(fixtureResult())}\r\n\n${lineOf(fixtureRun(4))}`);
    expect(collection.groups()).toHaveLength(1);
    expect(collection.realRuns()).toMatchObject([{ peers: 5, seeders: 1 }]);
  });

  it('reads a last line without its end', async () => {
    expect((await read(JSON.stringify(fixtureResult()))).groups()).toHaveLength(1);
  });

  it('reads what was never reached, which JSON writes as null, as infinite', async () => {
    const [group] = (await read(lineOf(fixtureResult({ incomplete: 3 })))).groups();
    expect(group?.runs[0]?.ratio.max).toBe(Infinity);
    expect(group?.runs[0]?.ratio.p50).toBeLessThan(2);
  });

  const good = fixtureResult();
  it.each([
    ['half a line', lineOf(good).slice(0, 900), 'expected one JSON object', 'stopped half-way'],
    ['another object', '{"event":"progress"}', 'expected a result of "p2p-sim model --json"', '{"event":"progress"}'],
    [
      'another version',
      lineOf({ ...good, schema: 'p2p-sim/model/9' }),
      'expected a result of "p2p-sim model --json"',
      'model/9',
    ],
    ['an array', '[1]', 'expected a result', '[1]'],
    ['a field of another type', lineOf({ ...good, peers: 'many' }), '`peers`', 'expected number'],
    ['a field that is not there', lineOf({ ...good, bound: { name: 'LB2' } }), '`bound.seconds`', 'expected number'],
    [
      'samples without their times',
      lineOf({ ...good, series: { ...good.series, uplinkUse: [1] } }),
      '`series.uplinkUse`',
      'expected 120 numbers, one for each time, got 1',
    ],
  ])('refuses %s, and says where it is', async (_, line, ...named) => {
    for (const part of named) await expect(read(`${lineOf(good)}${line}`)).rejects.toThrow(part);
    await expect(read(`${lineOf(good)}${line}`)).rejects.toThrow('results.jsonl:2: ');
    await expect(read(`${lineOf(good)}${line}`)).rejects.toMatchObject({ code: 'bad-results' });
  });

  it('names a file that is not there', async () => {
    const reading = readResults(['/no/such.jsonl'], new ResultCollection(), NEVER);
    await expect(reading).rejects.toMatchObject({ code: 'bad-option' });
    await expect(reading).rejects.toThrow(/^\/no\/such\.jsonl: expected a file of results, .*ENOENT/);
  });
});
