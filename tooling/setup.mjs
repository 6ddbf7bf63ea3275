// Makes a checkout ready to use, from nothing but Node and npm: fetches the pinned pnpm, installs what the lock file
// names, builds. Touches no global install, asks nothing, and does only what is missing, so it may run before everything.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const modules = join(root, 'node_modules');
/** Holds the digest of what was installed; removed together with node_modules. */
const stampFile = join(modules, '.p2p-setup');
const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const env = {
  ...process.env,
  PATH: [join(modules, '.bin'), process.env.PATH].join(delimiter), // turbo looks for pnpm there
  CI: 'true', // pnpm must not ask
  TURBO_TELEMETRY_DISABLED: '1',
  DO_NOT_TRACK: '1',
  NO_COLOR: '1',
};

requireNode(manifest.engines.node);
install(manifest.packageManager);
build();

/** @param {string} range such as `>=20.19.0` */
function requireNode(range) {
  const wanted = range.replace('>=', '').split('.').map(Number);
  const found = process.versions.node.split('.').map(Number);
  const difference = wanted.map((part, index) => found[index] - part).find((part) => part !== 0) ?? 0;
  if (difference >= 0) return;
  fail(`Node ${range} is needed, this is ${process.versions.node}. Install a newer one from https://nodejs.org`);
}

/** @param {string} packageManager such as `pnpm@10.34.9` */
function install(packageManager) {
  const stamp = digestOf(packageManager, ['pnpm-lock.yaml', 'pnpm-workspace.yaml']);
  if (existsSync(stampFile) && readFileSync(stampFile, 'utf8') === stamp) return;
  step(`installing packages with ${packageManager}`, 'npx', ['--yes', packageManager, 'install', '--frozen-lockfile'], {
    hint: 'It needs the npm registry (or a mirror named in .npmrc). Run it again once that can be reached.',
  });
  writeFileSync(stampFile, stamp);
}

function build() {
  step('building', 'turbo', ['run', 'build', '--output-logs=errors-only', '--concurrency=100%'], {
    hint: 'The sources do not build. `npm run build` shows the same with all its output.',
  });
}

/**
 * Runs one command quietly and tells how long it took; its output is shown only if it fails.
 *
 * @param {string} what
 * @param {string} command
 * @param {string[]} args
 * @param {{ hint: string }} onFailure what a person can do about it
 */
function step(what, command, args, { hint }) {
  process.stdout.write(`setup: ${what} … `);
  const start = performance.now();
  const shell = process.platform === 'win32'; // npx and turbo are .cmd files there
  const result = spawnSync(command, args, {
    cwd: root,
    env,
    shell,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  if (result.status !== 0) {
    process.stdout.write('failed\n');
    process.stderr.write(`${result.stdout ?? ''}${result.stderr ?? ''}\n`);
    const reason =
      result.error?.message ?? (result.signal ? `ended by ${result.signal}` : `exit code ${result.status}`);
    fail(`${[command, ...args].join(' ')}: ${reason}\n${hint}`);
  }
  process.stdout.write(`${((performance.now() - start) / 1000).toFixed(1)} s\n`);
}

/**
 * @param {string} packageManager
 * @param {string[]} files from the root
 */
function digestOf(packageManager, files) {
  const hash = createHash('sha256').update(`${packageManager} ${process.platform} ${process.arch}\n`); // binaries differ
  for (const file of files) hash.update(readFileSync(join(root, file)));
  return hash.digest('hex');
}

/** @param {string} message */
function fail(message) {
  process.stderr.write(`setup: ${message}\n`);
  process.exit(1);
}
