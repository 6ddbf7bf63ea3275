import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export const repositoryRoot = join(import.meta.dirname, '..', '..', '..');

/** One package of the workspace that people use: those of `packages/` and `apps/`. */
export interface WorkspacePackage {
  /** From the root: `packages/wire`. */
  readonly folder: string;
  readonly directory: string;
  readonly manifest: Manifest;
}

/** What the checks read of a package.json. */
export interface Manifest {
  readonly name: string;
  readonly version?: string;
  readonly description?: string;
  readonly license?: string;
  readonly type?: string;
  readonly sideEffects?: boolean | readonly string[];
  readonly engines?: Readonly<Record<string, string>>;
  readonly exports?: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly publishConfig?: { readonly exports?: Readonly<Record<string, Readonly<Record<string, string>>>> };
  readonly files?: readonly string[];
  readonly bin?: Readonly<Record<string, string>>;
  readonly dependencies?: Readonly<Record<string, string>>;
}

export const libraries = findPackages('packages');
export const apps = findPackages('apps');

/** @param path from the root */
export function readText(path: string): string {
  return readFileSync(join(repositoryRoot, path), 'utf8');
}

/** @param path from the root */
export function isThere(path: string): boolean {
  return existsSync(join(repositoryRoot, path));
}

/** Files below a folder, from that folder, in a fixed order; none if there is no such folder. */
export function filesIn(path: string): string[] {
  if (!isThere(path)) return [];
  return readdirSync(join(repositoryRoot, path), { recursive: true, encoding: 'utf8' }).sort();
}

function findPackages(group: string): WorkspacePackage[] {
  return readdirSync(join(repositoryRoot, group))
    .map((name) => `${group}/${name}`)
    .filter((folder) => isThere(`${folder}/package.json`))
    .map((folder) => ({
      folder,
      directory: join(repositoryRoot, folder),
      manifest: readManifest(`${folder}/package.json`),
    }));
}

function readManifest(path: string): Manifest {
  // eslint-disable-next-line p2p/no-type-assertion -- our own files: the shape checks look at every field they use
  return JSON.parse(readText(path)) as Manifest;
}
