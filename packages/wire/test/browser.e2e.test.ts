// Goal: the built package runs in a browser as it does in Node.
// Method: headless Chromium loads dist/, the vectors and vector-cases.ts (its types stripped) from a server on loopback, and runs every case.
import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { join, dirname } from 'node:path';

import { type Browser, chromium } from 'playwright-core';
import ts from 'typescript';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import * as wire from '../src/index.js';
import { isInstalled, requireBuild } from './program.js';
import { readVectors } from './read-vectors.js';
import { vectorCases } from './vector-cases.js';
import { VECTOR_FILES } from './vector-files.js';

const packageFolder = dirname(import.meta.dirname);
const CHROMIUM = process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium';

/** What the page reports. */
interface PageReport {
  readonly names: readonly string[];
  readonly failures: readonly string[];
  readonly exports: readonly string[];
  readonly hasNode: boolean;
}

// Visible where it is skipped: Chromium is not installed (`apt-get install chromium`). With CI=true that is a failure instead.
describe.skipIf(!isInstalled(CHROMIUM))(`the built package in Chromium (skipped without ${CHROMIUM})`, () => {
  let server: Server | undefined;
  let browser: Browser | undefined;
  let report: PageReport;

  beforeAll(async () => {
    requireBuild();
    const pages = createServer((request, response) => {
      const [type, body] = contentOf(request.url ?? '/');
      response.writeHead(body === undefined ? 404 : 200, { 'content-type': type }).end(body);
    });
    server = pages;
    await new Promise<void>((resolve) => pages.listen(0, '127.0.0.1', resolve));
    const address = pages.address();
    if (typeof address !== 'object' || address === null) throw new Error('the system gave no port');
    browser = await chromium.launch({ executablePath: CHROMIUM, args: CHROMIUM_ARGS });
    const page = await browser.newPage();
    const errors: string[] = [];
    page.on('pageerror', (error) => errors.push(String(error)));
    await page.goto(`http://127.0.0.1:${address.port}/`);
    await page
      .waitForFunction('globalThis.report !== undefined', undefined, { timeout: 60_000 })
      .catch((error: unknown) => {
        throw new Error(`the page did not report: ${errors.join('; ')}`, { cause: error });
      });
    report = await page.evaluate<PageReport>('globalThis.report');
  }, 120_000);

  afterAll(async () => {
    await browser?.close();
    server?.close();
  });

  it('passes every vector', () => {
    expect(report.failures).toEqual([]);
    expect(report.names).toEqual(vectorCases(wire, readVectors()).map(({ suite, name }) => `${suite}: ${name}`));
  });

  it('exports what the sources export', () => {
    expect([...report.exports].sort()).toEqual(Object.keys(wire).sort());
  });

  it('has nothing of Node to lean on', () => {
    expect(report.hasNode).toBe(false);
  });
});

function contentOf(url: string): readonly [string, string | undefined] {
  if (url === '/')
    return ['text/html', '<!doctype html><meta charset="utf-8"><script type="module" src="/run.js"></script>'];
  if (url === '/run.js') return ['text/javascript', PAGE_SCRIPT];
  if (url === '/vector-cases.js') return ['text/javascript', withoutTypes('test/vector-cases.ts')];
  if (url === '/dist/index.js') return ['text/javascript', read('dist/index.js')];
  const vector = VECTOR_FILES.find((name) => url === `/vectors/${name}.json`);
  return ['application/json', vector === undefined ? undefined : read(`vectors/${vector}.json`)];
}

function withoutTypes(path: string): string {
  const { outputText } = ts.transpileModule(read(path), {
    compilerOptions: { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext, verbatimModuleSyntax: true },
  });
  return outputText;
}

function read(path: string): string {
  return readFileSync(join(packageFolder, path), 'utf8');
}

const PAGE_SCRIPT = `
import * as wire from '/dist/index.js';
import { vectorCases } from '/vector-cases.js';
const names = ${JSON.stringify(VECTOR_FILES)};
const load = async (name) => [name, await (await fetch('/vectors/' + name + '.json')).json()];
const cases = vectorCases(wire, Object.fromEntries(await Promise.all(names.map(load))));
const failures = [];
for (const { suite, name, run } of cases) {
  try {
    run();
  } catch (error) {
    failures.push(suite + ': ' + name + ': ' + error);
  }
}
globalThis.report = {
  names: cases.map(({ suite, name }) => suite + ': ' + name),
  failures,
  exports: Object.keys(wire),
  hasNode: typeof process !== 'undefined' || typeof Buffer !== 'undefined',
};
`;

/** No sandbox, for continuous integration runs as root; and nothing that would look for the network. */
const CHROMIUM_ARGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];
