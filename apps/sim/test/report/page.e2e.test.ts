// Goal: a reader who opens the report's file sees every picture, and nothing is fetched from anywhere.
// Method: `p2p-sim report` writes the page from fixtures and from one real simulation; headless Chromium opens it from disk.
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';

import { sim } from '../sim.js';
import { temporaryFolder } from '../temporary-folder.js';
import { CHROMIUM, CHROMIUM_ARGS, hasChromium } from './chromium.js';
import { fixtureSweep, lineOf } from './fixture-results.js';

/** What is wrong with the pictures of a page; evaluated in it. */
const FAULTS_OF_PICTURES = `[...document.querySelectorAll('svg')].flatMap((svg) => {
  const name = svg.getAttribute('aria-label') ?? 'a picture without a name';
  const { width, height } = svg.getBoundingClientRect();
  const box = svg.getBBox();
  const marks = svg.querySelectorAll('path, rect, circle, line').length;
  const outside = [...svg.querySelectorAll('text')].filter((text) => {
    const [inner, outer] = [text.getBoundingClientRect(), svg.getBoundingClientRect()];
    return inner.left < outer.left - 1 || inner.right > outer.right + 1;
  });
  const colors = [...svg.querySelectorAll('[stroke^="var"], [fill^="var"]')].filter((element) => {
    const style = getComputedStyle(element);
    return style.fill === '' || style.stroke === '';
  });
  return [
    ...(width > 200 && height > 80 ? [] : [name + ': has no size']),
    ...(box.width > 100 && marks > 5 ? [] : [name + ': is empty']),
    ...outside.map((text) => name + ': cuts off "' + text.textContent + '"'),
    ...colors.map(() => name + ': has a colour that is not defined'),
  ];
})`;

describe.skipIf(!hasChromium())(`the report in Chromium (skipped without ${CHROMIUM})`, { timeout: 120_000 }, () => {
  let browser: Browser | undefined;

  beforeAll(async () => {
    // It makes a fresh profile for every launch.
    browser = await chromium.launch({ executablePath: CHROMIUM, args: CHROMIUM_ARGS });
  }, 120_000);

  afterAll(async () => {
    await browser?.close();
  });

  /** Opens a file, and fails at the end of the test if the page complained or asked for anything but itself. */
  async function open(path: string, colorScheme: 'light' | 'dark'): Promise<Page> {
    if (browser === undefined) throw new Error('Chromium did not start');
    const page = await browser.newPage({ colorScheme, viewport: { width: 1280, height: 900 } });
    const complaints: string[] = [];
    page.on('console', (message) => complaints.push(message.text()));
    page.on('pageerror', (error) => complaints.push(String(error)));
    page.on('request', (request) => {
      if (request.url() !== pathToFileURL(path).href && !request.url().startsWith('data:'))
        complaints.push(request.url());
    });
    onTestFinished(async () => {
      await page.close();
      expect(complaints).toEqual([]);
    });
    await page.goto(pathToFileURL(path).href);
    return page;
  }

  it.each(['light', 'dark'] as const)('shows every picture of a sweep, %s', async (colorScheme) => {
    const folder = temporaryFolder();
    const [results, out] = [join(folder, 'results.jsonl'), join(folder, 'report.html')];
    writeFileSync(results, fixtureSweep().map(lineOf).join(''));
    expect(await sim(['report', results, '-o', out])).toMatchObject({ exitCode: 0 });
    const page = await open(out, colorScheme);
    expect(await page.locator('figure').count()).toBeGreaterThan(20);
    expect(await page.locator('figure svg').count()).toBe(await page.locator('figure').count());
    expect(await page.evaluate(FAULTS_OF_PICTURES)).toEqual([]);
    // Wide tables scroll by themselves: the page does not.
    expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true);
  });

  it('shows a real simulation, and its pictures as files of their own', async () => {
    const folder = temporaryFolder();
    const [results, out, svg] = [join(folder, 'results.jsonl'), join(folder, 'report.html'), join(folder, 'svg')];
    const model = await sim(['model', '--scenario', 'S01', '--peers', '8', '--pieces', '16', '--json']);
    expect(model.exitCode, model.stderr).toBe(0);
    writeFileSync(results, model.stdout);
    expect(await sim(['report', results, '-o', out, '--svg', svg])).toMatchObject({ exitCode: 0 });
    const page = await open(out, 'light');
    expect(await page.evaluate(FAULTS_OF_PICTURES)).toEqual([]);
    const files = readdirSync(svg);
    expect(files).toHaveLength(await page.locator('figure').count());
    for (const file of files) {
      const picture = await open(join(svg, file), 'dark');
      expect(await picture.evaluate('document.documentElement.getBBox().width')).toBeGreaterThan(100);
      expect(await picture.evaluate('document.querySelector("parsererror")')).toBeNull();
    }
  });
});
