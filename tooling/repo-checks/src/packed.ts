import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import { repositoryRoot, type WorkspacePackage } from './workspace.js';

/** A folder as somebody has it who installed our packages from a registry: nothing in it leads back to the sources. */
export interface Consumer {
  readonly directory: string;
  /** The packed file of each package, by its name. */
  readonly tarballs: ReadonlyMap<string, string>;
  remove(): void;
}

/** Packs packages as they are published, and unpacks them side by side into a new folder, without any network. */
export function createConsumer(packages: readonly WorkspacePackage[]): Consumer {
  const directory = realpathSync(mkdtempSync(join(tmpdir(), 'p2p-consumer-')));
  const tarballs = new Map(packages.map((found) => [found.manifest.name, pack(found, directory)]));
  for (const found of packages) {
    const tarball = tarballs.get(found.manifest.name);
    const target = join(directory, 'node_modules', found.manifest.name);
    mkdirSync(target, { recursive: true });
    execFileSync('tar', ['-xzf', tarball ?? '', '-C', target, '--strip-components=1']);
    for (const name of thirdPartiesOf(found)) link(join(found.directory, 'node_modules', name), directory, name);
  }
  link(join(import.meta.dirname, '..', 'node_modules', '@types', 'node'), directory, '@types/node');
  writeFileSync(join(directory, 'package.json'), '{ "name": "consumer", "private": true, "type": "module" }\n');
  return { directory, tarballs, remove: () => rmSync(directory, { recursive: true, force: true }) };
}

function pack(found: WorkspacePackage, directory: string): string {
  const folder = join(directory, 'tarballs', found.folder);
  mkdirSync(folder, { recursive: true });
  const pnpm = join(repositoryRoot, 'node_modules', '.bin', 'pnpm');
  execFileSync(pnpm, ['pack', '--pack-destination', folder], { cwd: found.directory, stdio: 'pipe' });
  const [file] = readdirSync(folder);
  if (file === undefined) throw new Error(`pnpm pack of ${found.manifest.name} wrote no file to ${folder}`);
  return join(folder, file);
}

function thirdPartiesOf(found: WorkspacePackage): string[] {
  return Object.keys(found.manifest.dependencies ?? {}).filter((name) => !name.startsWith('@p2p/'));
}

function link(from: string, directory: string, name: string): void {
  const to = join(directory, 'node_modules', name);
  mkdirSync(dirname(to), { recursive: true });
  rmSync(to, { force: true });
  symlinkSync(realpathSync(from), to, 'dir');
}
