// Goal: the defaults that a README tells are the defaults that the code has.
import * as storage from '@p2p/storage';
import * as swarm from '@p2p/swarm';
import { describe, expect, it } from 'vitest';

import { tableRowsOf } from '../src/markdown.js';
import { readText } from '../src/workspace.js';

const tables = [...defaultsOf('packages/storage', storage), ...defaultsOf('packages/swarm', swarm)];

describe('options tables', () => {
  it('are compared for the swarm at least', () => {
    expect(tables.map((table) => table.name)).toContain('DEFAULT_SWARM_OPTIONS');
  });

  describe.each(tables)('$folder/README.md and $name', ({ folder, defaults }) => {
    const rows = tableRowsOf(readText(`${folder}/README.md`));

    it.each(Object.entries(defaults))('agree on `%s`', (option, value) => {
      const row = rows.find(([name]) => name === `\`${option}\``);
      expect(row, `there is no row | \`${option}\` | \`${String(value)}\` | ... |`).toBeDefined();
      expect(plain(row?.[1] ?? '')).toBe(String(value));
    });
  });
});

interface Defaults {
  readonly folder: string;
  readonly name: string;
  readonly defaults: Readonly<Record<string, unknown>>;
}

function defaultsOf(folder: string, exported: Readonly<Record<string, unknown>>): Defaults[] {
  return Object.entries(exported).flatMap(([name, value]) =>
    /^DEFAULT_\w*OPTIONS$/.test(name) && typeof value === 'object' && value !== null
      ? [{ folder, name, defaults: { ...value } }]
      : [],
  );
}

/** A cell without its decoration: '`67,108,864` (64 MiB)' -> '67108864'. */
function plain(cell: string): string {
  const code = /^`([^`]*)`/.exec(cell)?.[1] ?? cell;
  return /^[\d,_]+$/.test(code) ? code.replace(/[,_]/g, '') : code.replace(/^'(.*)'$/, '$1');
}
