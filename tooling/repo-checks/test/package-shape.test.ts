// Goal: whoever knows one package finds the way in all of them, and what is published is meant to be.
import { describe, expect, it } from 'vitest';

import { apps, filesIn, isThere, libraries, readText, type WorkspacePackage } from '../src/workspace.js';

/** Libraries that people build on: which run-time dependencies each may have. The others choose freely. */
const allowedDependencies: Readonly<Record<string, readonly string[]>> = {
  '@p2p/wire': [],
  '@p2p/storage': ['@p2p/wire'],
  '@p2p/swarm': ['@p2p/wire'],
};

describe.each([...libraries, ...apps])('$folder', (found) => {
  it.each(['README.md', 'CHANGELOG.md', 'package.json', 'tsconfig.json', entryOf(found)])('has %s', (file) => {
    expect(isThere(`${found.folder}/${file}`), `${found.folder}/${file} is missing`).toBe(true);
  });

  it('has tests', () => {
    expect(filesIn(`${found.folder}/test`).filter((file) => file.endsWith('.test.ts'))).not.toEqual([]);
  });

  it('has a README that begins with its name and says why it is a package of its own', () => {
    const readme = readText(`${found.folder}/README.md`);
    expect(readme.split('\n')[0]).toBe(`# ${found.manifest.name}`);
    if (libraries.includes(found)) expect(readme).toMatch(/\bpackage\s+of\s+its\s+own\b/);
  });

  it('says in package.json what it is and where it runs', () => {
    expect(found.manifest).toMatchObject({
      name: `@p2p/${found.folder.split('/')[1] ?? ''}`,
      license: 'MIT',
      type: 'module',
      engines: { node: '>=20.19.0' },
    });
    expect(found.manifest.description).toMatch(/^.{20,140}\.$/);
    expect(found.manifest.version).toMatch(/^\d+\.\d+\.\d+$/);
    expect(found.manifest.files).toContain('dist');
  });
});

describe.each(libraries)('the library $folder', (found) => {
  it('offers sources to the workspace, and only what is built to everybody else', () => {
    const inside = found.manifest.exports ?? {};
    const outside = found.manifest.publishConfig?.exports ?? {};
    expect(Object.keys(outside)).toEqual(Object.keys(inside));
    for (const [entry, conditions] of Object.entries(inside)) {
      const { '@p2p/source': source, ...built } = conditions;
      expect(Object.keys(built)).toEqual(['types', 'default']);
      expect(outside[entry]).toEqual(built);
      // What a worker runs must have been built: Node 20 cannot load TypeScript.
      if (!entry.endsWith('-worker')) expect(isThere(`${found.folder}/${source ?? ''}`), source).toBe(true);
    }
  });

  it('tells bundlers what they may leave out: all that is only loaded, but for what a worker runs', () => {
    const workers = Object.entries(found.manifest.exports ?? {}).filter(([entry]) => entry.endsWith('-worker'));
    const kept = workers.map(([, { default: file }]) => file);
    expect(found.manifest.sideEffects).toEqual(kept.length === 0 ? false : kept);
  });

  it('pins the names that it exports in a test', () => {
    expect(filesIn(`${found.folder}/test`)).toContain('public-api.test.ts');
  });
});

it.each(apps)('the app $folder tells bundlers nothing of the kind: all it does is an effect of loading it', (found) => {
  expect(found.manifest.sideEffects).toBeUndefined();
});

describe.each(libraries.filter((found) => found.manifest.name in allowedDependencies))(
  'the library $folder, which others build on',
  (found) => {
    it('depends at run time on nothing but our own', () => {
      const allowed = allowedDependencies[found.manifest.name];
      expect(Object.keys(found.manifest.dependencies ?? {})).toEqual(allowed);
    });

    it('has examples', () => {
      expect(filesIn(`${found.folder}/examples`).filter((file) => file.endsWith('.ts'))).not.toEqual([]);
    });
  },
);

function entryOf(found: WorkspacePackage): string {
  return libraries.includes(found) ? 'src/index.ts' : 'src/main.ts';
}
