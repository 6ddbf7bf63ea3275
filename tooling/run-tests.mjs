// Runs every check of every package for real (nothing from a cache) and ends with the line
// `N passed, N failed, N skipped`: tests one by one, each type check and each lint run as one more.
//
//   npm test                 everything
//   npm test -- wire swarm   only these packages
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { availableParallelism, constants, tmpdir } from 'node:os';
import { basename, delimiter, dirname, join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
/** A check that takes longer hangs: it is ended, with all processes it started, and counts as failed. */
const LIMIT_MS = 10 * 60_000;
/** Real processes, real clients, real time: they run alone, after everything else. */
const ALONE = /\.e2e\.test\.ts$/;
const PACKAGES_ALONE = ['interop'];

const total = { passed: 0, failed: 0, skipped: 0 };
const failures = [];
const skips = [];
const running = new Set();
const scratch = mkdtempSync(join(tmpdir(), 'p2p-tests-'));
const reports = join(scratch, 'reports');
/** Where tests put their temporary files, so that what an ended one could not remove goes with the rest. */
const temporary = join(scratch, 'tmp');
for (const folder of [reports, temporary]) mkdirSync(folder);

process.once('exit', () => rmSync(scratch, { recursive: true, force: true, maxRetries: 3 }));
// Not `once`: npm passes on what the whole group of processes was sent, and a second one would cut this short.
for (const signal of ['SIGHUP', 'SIGINT', 'SIGTERM']) {
  process.on(signal, () => {
    for (const child of running) end(child);
    process.exit(128 + constants.signals[signal]);
  });
}

await main(process.argv.slice(2));

/** @param {string[]} names of packages, as their folders are called; none means all */
async function main(names) {
  const packages = findPackages(names);
  const setup = spawnSync(process.execPath, [join(root, 'tooling', 'setup.mjs')], {
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  if (setup.status === 0) {
    const checks = [...(names.length === 0 ? checksOfRoot() : []), ...packages.flatMap(checksOfPackage)];
    const together = checks.filter((check) => !check.isAlone);
    const workers = Math.min(4, availableParallelism());
    await Promise.all(Array.from({ length: workers }, () => drain(together)));
    await drain(checks.filter((check) => check.isAlone));
  } else {
    note('setup', { passed: 0, failed: 1, skipped: 0 });
  }
  summarize();
}

/**
 * @typedef {{ name: string, directory: string, command: string, isAlone: boolean, report?: string }} Check
 * @typedef {{ passed: number, failed: number, skipped: number }} Counts
 */

/**
 * @param {string[]} names
 * @returns {{ name: string, directory: string, scripts: Record<string, string> }[]}
 */
function findPackages(names) {
  const directories = ['packages', 'apps', 'tooling'].flatMap((group) =>
    readdirSync(join(root, group)).map((entry) => join(root, group, entry)),
  );
  const all = directories
    .filter((directory) => existsSync(join(directory, 'package.json')))
    .map((directory) => ({ name: basename(directory), directory, scripts: scriptsIn(directory) }));
  const unknown = names.filter((name) => !all.some((found) => found.name === name));
  if (unknown.length > 0) {
    console.error(`No package ${unknown.join(', ')}. There are: ${all.map((found) => found.name).join(', ')}.`);
    process.exit(2);
  }
  return names.length === 0 ? all : all.filter((found) => names.includes(found.name));
}

/** @returns {Check[]} */
function checksOfRoot() {
  return ['format:check', 'lint:root'].map((script) => ({
    name: script,
    directory: root,
    command: scriptsIn(root)[script],
    isAlone: false,
  }));
}

/** @returns {Check[]} */
function checksOfPackage({ name, directory, scripts }) {
  const plain = ['typecheck', 'lint']
    .filter((script) => scripts[script] !== undefined)
    .map((script) => ({ name: `${name} ${script}`, directory, command: scripts[script], isAlone: false }));
  if (scripts.test === undefined) return plain;
  if (!scripts.test.startsWith('vitest run'))
    throw new Error(`${name}: the script "test" must start with "vitest run"`);

  const files = testFilesIn(directory);
  const areAlone = (file) => PACKAGES_ALONE.includes(name) || ALONE.test(file);
  const suite = (isAlone, options) => {
    if (!files.some((file) => areAlone(file) === isAlone)) return [];
    const report = join(reports, `${name}-${isAlone ? 'alone' : 'unit'}.json`);
    const reporters = `--reporter=${isAlone ? 'verbose' : 'default'} --reporter=json --outputFile.json=${JSON.stringify(report)}`;
    const command = `${scripts.test} ${reporters} ${options}`;
    return [{ name: `${name} ${isAlone ? 'end-to-end tests' : 'tests'}`, directory, command, isAlone, report }];
  };
  return [
    ...plain,
    ...suite(false, `--exclude "**/*.e2e.test.ts"`),
    // A package that always runs alone knows best how many of its files may run at once.
    ...suite(true, PACKAGES_ALONE.includes(name) ? '' : '--no-file-parallelism .e2e.test.ts'),
  ];
}

/** @param {Check[]} queue */
async function drain(queue) {
  for (let check = queue.shift(); check !== undefined; check = queue.shift()) await run(check);
}

/** @param {Check} check */
async function run(check) {
  const start = performance.now();
  if (check.isAlone) console.log(`\n${check.name}`);
  const { isOk, output } = await execute(check);
  const counts = check.report === undefined ? one(isOk) : countsOf(check, isOk);
  note(check.name, counts);
  const seconds = ((performance.now() - start) / 1000).toFixed(1);
  if (counts.failed > 0 && !check.isAlone) console.log(output);
  const details = check.report === undefined ? '' : `  ${lineOf(counts)}`;
  console.log(`${counts.failed > 0 ? 'FAILED' : 'ok    '} ${check.name.padEnd(28)} ${seconds.padStart(6)} s${details}`);
}

/**
 * Output of a check that runs alone is shown as it comes, that of others is kept: it is worth reading only on failure.
 *
 * @param {Check} check
 * @returns {Promise<{ isOk: boolean, output: string }>}
 */
function execute({ command, directory, isAlone }) {
  const bins = [directory, root].map((folder) => join(folder, 'node_modules', '.bin'));
  const env = { ...process.env, PATH: [...bins, process.env.PATH].join(delimiter), NO_COLOR: '1' };
  Object.assign(env, process.platform === 'win32' ? { TEMP: temporary, TMP: temporary } : { TMPDIR: temporary });
  delete env.FORCE_COLOR;
  const isGroup = process.platform !== 'win32';
  const child = spawn(command, {
    cwd: directory,
    env,
    shell: true,
    detached: isGroup,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  running.add(child);
  let output = '';
  const take = (chunk) => (isAlone ? process.stdout.write(chunk) : (output += chunk));
  child.stdout.setEncoding('utf8').on('data', take);
  child.stderr.setEncoding('utf8').on('data', take);
  const timer = setTimeout(() => {
    take(`\nstill running after ${LIMIT_MS / 60_000} minutes: ended\n`);
    end(child);
  }, LIMIT_MS);
  return new Promise((resolve) => {
    child.once('error', (error) => take(`${error.message}\n`));
    child.once('exit', () => end(child)); // what it left behind would hold the pipe open
    child.once('close', (code) => {
      clearTimeout(timer);
      running.delete(child);
      resolve({ isOk: code === 0, output });
    });
  });
}

/** Ends a check and whatever it started, also what is a process group of its own by now. */
function end(child) {
  if (process.platform === 'win32') {
    child.kill();
    return;
  }
  for (const pid of [...descendantsOf(child.pid), -child.pid]) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It has gone by itself.
    }
  }
}

/** @returns {number[]} children, theirs, and so on; none if the machine has no `ps` */
function descendantsOf(pid) {
  const { stdout } = spawnSync('ps', ['-A', '-o', 'pid=,ppid='], { encoding: 'utf8' });
  const rows = (stdout ?? '').split('\n').map((line) => line.trim().split(/\s+/).map(Number));
  const below = (parent) => rows.flatMap(([found, its]) => (its === parent ? [found, ...below(found)] : []));
  return below(pid);
}

/**
 * Reads vitest's own report. A test file that could not be loaded, an error outside of any test, or a vitest that
 * crashed before it could report, is one failure.
 *
 * @returns {Counts}
 */
function countsOf({ name, report }, isOk) {
  if (!existsSync(report)) return one(false);
  const result = JSON.parse(readFileSync(report, 'utf8'));
  const counts = { passed: 0, failed: 0, skipped: 0 };
  for (const file of result.testResults) {
    const isUnloadable = file.status === 'failed' && !file.assertionResults.some((test) => test.status === 'failed');
    if (isUnloadable) counts.failed += 1;
    for (const test of file.assertionResults) {
      const outcome = test.status === 'passed' || test.status === 'failed' ? test.status : 'skipped';
      counts[outcome] += 1;
      if (outcome === 'skipped') skips.push(`${name}: ${test.fullName.trim()}`);
    }
  }
  return !isOk && counts.failed === 0 ? { ...counts, failed: 1 } : counts;
}

/** @returns {Counts} */
function one(isOk) {
  return { passed: isOk ? 1 : 0, failed: isOk ? 0 : 1, skipped: 0 };
}

/** @param {string} name @param {Counts} counts */
function note(name, counts) {
  for (const key of Object.keys(total)) total[key] += counts[key];
  if (counts.failed > 0) failures.push(name);
}

function summarize() {
  console.log('');
  if (skips.length > 0) console.log(`Skipped:\n${skips.map((skip) => `  ${skip}`).join('\n')}\n`);
  if (failures.length > 0) console.log(`Failed: ${failures.join(', ')}\n`);
  console.log(lineOf(total));
  process.exitCode = failures.length > 0 || total.passed === 0 ? 1 : 0;
}

/** @param {Counts} counts */
function lineOf({ passed, failed, skipped }) {
  return `${passed} passed, ${failed} failed, ${skipped} skipped`;
}

/** @returns {Record<string, string>} */
function scriptsIn(directory) {
  return JSON.parse(readFileSync(join(directory, 'package.json'), 'utf8')).scripts ?? {};
}

/** @returns {string[]} */
function testFilesIn(directory) {
  const folder = join(directory, 'test');
  return existsSync(folder) ? readdirSync(folder, { recursive: true }).filter((file) => file.endsWith('.test.ts')) : [];
}
