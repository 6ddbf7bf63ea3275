// Goal: the published vectors say what the code does, on the sources. The same cases run in a browser: browser.e2e.test.ts.
import { readdirSync } from 'node:fs';

import { describe, expect, it } from 'vitest';

import * as wire from '../src/index.js';
import { readVectors } from './read-vectors.js';
import { vectorCases } from './vector-cases.js';
import { VECTOR_FILES } from './vector-files.js';

const cases = vectorCases(wire, readVectors());
const suites = [...new Set(cases.map(({ suite }) => suite))];

describe.each(suites)('vectors: %s', (suite) => {
  it.each(cases.filter((found) => found.suite === suite))('$name', ({ run }) => {
    run();
  });
});

it('reads every file that is published', () => {
  const published = readdirSync(new URL('../vectors/', import.meta.url));
  expect(published.sort()).toEqual(VECTOR_FILES.map((name) => `${name}.json`).sort());
});

it('fails when a vector is wrong', () => {
  const { messages, ...rest } = readVectors();
  const broken = messages.cases.map((found) => ({ ...found, bytes: found.bytes.replace(/00$/, '01') }));
  const failing = vectorCases(wire, { ...rest, messages: { ...messages, cases: broken } }).filter(({ run }) => {
    try {
      run();
      return false;
    } catch {
      return true;
    }
  });
  expect(failing.length).toBeGreaterThan(10);
});
