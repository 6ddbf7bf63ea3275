// Goal: no document shows a command that does not work.
// Method: every block of commands says behind its language what becomes of it:
//   ```sh run               it is run here, in a new bash, from the repository's root; $SCRATCH is an empty folder
//   ```sh norun: <reason>   it is not run, because ...
import { describe, expect, it } from 'vitest';

import { fencesOf } from '../src/markdown.js';
import { runCommands } from '../src/run-commands.js';
import { apps, isThere, libraries, readText } from '../src/workspace.js';

const LIMIT_MS = 240_000;
const documents = [
  ...['README.md', 'CONTRIBUTING.md', 'SECURITY.md', 'ARCHITECTURE.md', '.changeset/README.md'],
  ...[...libraries, ...apps].map(({ folder }) => `${folder}/README.md`),
]
  .filter(isThere)
  .map((document) => ({
    document,
    blocks: fencesOf(readText(document)).filter(({ language }) => /^(sh|bash|shell|console)$/.test(language)),
  }))
  .filter(({ blocks }) => blocks.length > 0);

describe.each(documents)('$document', ({ document, blocks }) => {
  it('says of each block of commands whether it is run', () => {
    for (const { note, line } of blocks) {
      const wanted = `${document}:${line} needs "run" or "norun: <reason>" behind the language`;
      expect(note, wanted).toMatch(/^(run|norun: .{10,})$/);
    }
  });

  it.each(blocks.filter(({ note }) => note === 'run'))(
    'shows commands that work, in line $line',
    async ({ text }) => {
      const { exitCode, output } = await runCommands(text, LIMIT_MS - 10_000);
      expect(exitCode, output).toBe(0);
    },
    LIMIT_MS,
  );
});
