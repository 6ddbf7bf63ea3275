// Goal: no README shows code that does not work.
// Method: every `ts` block is part of a file in the package's `examples` (which are type-checked and run), or compiles as
// a module of its own. A block that can do neither says why: ```ts fragment: <reason>
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

import { type Fence, fencesOf } from '../src/markdown.js';
import { type Snippet, typeErrorsIn } from '../src/type-check.js';
import { apps, filesIn, isThere, libraries, readText, repositoryRoot } from '../src/workspace.js';

const owners = [...libraries, ...apps]
  .filter(({ folder }) => isThere(`${folder}/README.md`))
  .map((found) => ({ ...found, blocks: codeBlocksOf(readText(`${found.folder}/README.md`)) }));

describe.each(owners.filter(({ blocks }) => blocks.length > 0))(
  'the README of $folder',
  ({ folder, directory, blocks }) => {
    const examples = filesIn(`${folder}/examples`).map((file) => readText(`${folder}/examples/${file}`));

    it('shows code that is an example of ours, or compiles', () => {
      const checked = blocks.filter(({ note, text }) => note === '' && !examples.some((file) => file.includes(text)));
      const snippets: Snippet[] = checked.map(({ line, text }) => ({ name: `readme-line-${line}.ts`, text }));
      expect(typeErrorsIn(snippets, directory)).toEqual([]);
    });

    it('says why a block is not checked', () => {
      const notes = blocks.map(({ note }) => note).filter((note) => note !== '');
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
