// Goal: the image of deploy/sim can be built, and what the manifests start in it runs.
// Method: no container engine is needed: the steps run in a scratch folder, as the Containerfile's parser tells them.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { expect, it, onTestFinished } from 'vitest';

import { buildContainer } from '../src/container-build.js';
import { readText } from '../src/workspace.js';

it('builds an image that simulates, and holds the node', { timeout: 600_000 }, () => {
  const scratch = mkdtempSync(join(tmpdir(), 'p2p-image-'));
  onTestFinished(() => rmSync(scratch, { recursive: true, force: true }), CLEAN_UP_MS);
  const { root, entryPoint } = buildContainer(readText('deploy/sim/Containerfile'), scratch);
  const [interpreter = '', script = ''] = entryPoint;
  const inImage = (path: string, ...args: readonly string[]) =>
    spawnSync(interpreter, [join(root, path), ...args], {
      encoding: 'utf8',
      cwd: scratch,
      env: { PATH: process.env['PATH'] },
    });

  const model = inImage(
    script,
    'model',
    '--scenario',
    'S01',
    '--peers',
    '2',
    '--pieces',
    '2',
    '--seeds',
    '1..2',
    '--json',
  );
  expect(model.status, model.stderr).toBe(0);
  expect(model.stdout.trimEnd().split('\n')).toHaveLength(2);

  const manifest = readText('deploy/sim/nodes.yaml');
  const [node = 'no path of the node'] = /\/image\/\S+p2p-peer\.cjs/.exec(manifest) ?? [];
  expect(inImage(node, '--version')).toMatchObject({ status: 0 });
});

/** Two installations of everything take their time to remove. */
const CLEAN_UP_MS = 120_000;
