// Fills the blocks ```ts example=PATH of package READMEs with the files that they name.
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const root = join(import.meta.dirname, '..', '..');
const readmes = ['packages', 'apps'].flatMap((group) =>
  readdirSync(join(root, group)).map((name) => join(root, group, name, 'README.md')),
);

for (const readme of readmes.filter((path) => existsSync(path))) {
  const text = readFileSync(readme, 'utf8');
  const filled = text.replace(/^```ts example=(\S+)\n[^]*?^```$/gm, (_block, path) => {
    const example = readFileSync(join(dirname(readme), path), 'utf8');
    return `\`\`\`ts example=${path}\n${example}\`\`\``;
  });
  if (filled !== text) writeFileSync(readme, filled);
}
