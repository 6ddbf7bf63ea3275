// Goal: no README shows code that does not work.
// Method: a `ts` block compiles as a module of its own, unless it says something else behind its language:
//   ```ts example=examples/share-over-tcp.ts   it is that file, whole (`npm run format` fills it in)
//   ```ts fragment: <reason>                   it cannot be compiled, because ...
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

import { type Fence, fencesOf } from '../src/markdown.js';
import { type Snippet, typeErrorsIn } from '../src/type-check.js';
import { apps, isThere, libraries, readText, repositoryRoot } from '../src/workspace.js';

const owners = [...libraries, ...apps]
  .filter(({ folder }) => isThere(`${folder}/README.md`))
  .map((found) => ({ ...found, blocks: codeBlocksOf(readText(`${found.folder}/README.md`)) }));

describe.each(owners.filter(({ blocks }) => blocks.length > 0))(
  'the README of $folder',
  ({ folder, directory, blocks }) => {
    it('shows examples as they are', () => {
      for (const { note, text, line } of blocks.filter((block) => block.note.startsWith('example='))) {
        const path = `${folder}/${note.slice('example='.length)}`;
        expect(text, `line ${line} is not ${path}: run "npm run format"`).toBe(readText(path));
      }
    });

    it('shows other code that compiles', () => {
      const checked = blocks.filter(({ note }) => note === '');
      const snippets: Snippet[] = checked.map(({ line, text }) => ({ name: `readme-line-${line}.ts`, text }));
      expect(typeErrorsIn(snippets, directory)).toEqual([]);
    });

    it('says why a block is not checked', () => {
      const notes = blocks.map(({ note }) => note).filter((note) => note !== '' && !note.startsWith('example='));
      expect(notes.filter((note) => !/^fragment: .{10,}/.test(note))).toEqual([]);
    });
  },
);

it.each(owners.filter(({ folder }) => folder.startsWith('packages/')))(
  'the README of $folder shows how the package is used',
  ({ blocks }) => {
    expect(blocks.length).toBeGreaterThan(0);
  },
);

describe('the check itself', () => {
  it('finds a name that is not there, and a wrong type', () => {
    const snippets = [
      { name: 'a.ts', text: `import { noSuchName } from '@p2p/wire';\nvoid noSuchName;\n` },
      { name: 'b.ts', text: `import { BLOCK_BYTES } from '@p2p/wire';\nexport const text: string = BLOCK_BYTES;\n` },
      { name: 'c.ts', text: `import { BLOCK_BYTES } from '@p2p/wire';\nexport const bytes: number = BLOCK_BYTES;\n` },
    ];
    const errors = typeErrorsIn(snippets, join(repositoryRoot, 'packages/swarm'));
    expect(errors.map((error) => error.replace(/^.*examples\//, '').slice(0, 6))).toEqual(['a.ts:1', 'b.ts:2']);
  });
});

function codeBlocksOf(markdown: string): Fence[] {
  return fencesOf(markdown).filter(({ language }) => /^(ts|typescript)$/.test(language));
}
