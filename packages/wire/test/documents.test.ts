// Goal: PROTOCOL.md and README.md say what the code does.
import { readFileSync } from 'node:fs';

import { describe, expect, it } from 'vitest';

import * as wire from '../src/index.js';

const protocol = readFileSync(new URL('../PROTOCOL.md', import.meta.url), 'utf8');
const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');

describe('PROTOCOL.md', () => {
  const frames = rowsOf(protocol).filter(([id = '']) => /^\d+$/.test(id));
  const messages = frames.filter((row) => row.length === 5 && row[1] !== undefined && /^[a-z ]+$/.test(row[1]));

  it('has the ids of all messages', () => {
    const ids = messages.map(([id, name = '']) => [
      name.replace(/ (\w)/g, (_, letter: string) => letter.toUpperCase()),
      Number(id),
    ]);
    expect(Object.fromEntries(ids)).toEqual(wire.MESSAGE_IDS);
  });

  it.each(messages.filter(([id]) => id !== '5'))(
    'has the least and the most that message %s (%s) may be',
    (id, _name, _payload, lengths = '') => {
      const [least = 0, most = least] = lengths.split(' to ').map((text) => Number(text.replace(/,/g, '')));
      const isAccepted = (length: number): boolean => {
        const header = new Uint8Array(5);
        new DataView(header.buffer).setUint32(0, length);
        header[4] = Number(id);
        try {
          new wire.FrameDecoder().push(header);
          return true;
        } catch {
          return false;
        }
      };
      expect([least - 1, least, most, most + 1].map((length) => length > 0 && isAccepted(length))).toEqual([
        false,
        true,
        true,
        false,
      ]);
    },
  );

  it('has the bounds of the code', () => {
    const expected: Readonly<Record<string, number>> = {
      'any frame': wire.MAX_FRAME_BYTES,
      extended: wire.MAX_EXTENDED_FRAME_BYTES,
      'unknown id': wire.MAX_UNKNOWN_FRAME_BYTES,
      metadata: wire.MAX_METADATA_BYTES,
      'torrent file': wire.MAX_TORRENT_BYTES,
      pieces: wire.MAX_PIECE_COUNT,
      'piece length': wire.MAX_PIECE_BYTES,
      'elements of a path': wire.MAX_PATH_DEPTH,
      'addresses read of one list of `ut_pex`': wire.MAX_PEX_ADDRESSES,
      'peers of a message of `p2p_gossip`': wire.MAX_GOSSIP_PEERS,
      'blocks of a message of `p2p_offer`': wire.MAX_OFFERED_BLOCKS,
      'milliseconds for which a `p2p_offer` holds': wire.MAX_OFFER_MS,
      'entries of a page of `p2p_catalog`': wire.MAX_CATALOG_PAGE_ENTRIES,
    };
    const bounds = rowsOf(sectionOf(protocol, '## 11. '));
    const found = bounds.flatMap(([what = '', bound = '']) =>
      what in expected ? [[what, Number(bound.replace(/,/g, ''))]] : [],
    );
    expect(Object.fromEntries(found)).toEqual(expected);
  });

  it('has the info-hash of the catalogue and its messages, byte for byte', () => {
    expect(protocol).toContain(`SHA1(str:p2p-catalog-v1) = ${wire.toHex(wire.CATALOG_INFO_HASH)}`);
    expect(protocol).toContain(latin1(wire.encodeCatalog({ type: 'request', offset: 0 })));
    const entry = { infoHash: new Uint8Array(20).fill(0x2e), name: 'a file.bin', length: 1024, pieceLength: 65_536 };
    const page = latin1(wire.encodeCatalog({ type: 'page', offset: 0, total: 1, entries: [entry] }));
    expect(protocol).toContain(page.replace('.'.repeat(20), '(20 bytes)'));
  });

  it('has a message of the gossip, byte for byte', () => {
    expect(protocol).toContain(latin1(wire.encodeGossip({ type: 'ask', linkCount: 12, peers: [] })));
  });
});

describe('README.md', () => {
  const exported = exportedNames();

  it('names only what is exported', () => {
    const cells = rowsOf(sectionOf(readme, '## What there is')).flatMap(([, ...rest]) => rest);
    const names = cells.flatMap((cell) => [...cell.matchAll(/`(\w+)`/g)].map(([, name = '']) => name));
    // Of these stands only what comes after "encode" and "decode".
    const families = ['LtDontHave', 'Catalog', 'Gossip', 'Offer', 'Soon'];
    expect(names.filter((name) => !exported.includes(name) && !families.includes(name))).toEqual([]);
  });

  it('names all that is exported', () => {
    const inFamilies = /^(en|de)code(ExtendedHandshake|UtMetadata|UtPex|LtDontHave|Catalog|Gossip|Offer|Soon)$/;
    expect(exported).toEqual(expect.arrayContaining(Object.keys(wire)));
    expect(exported.filter((name) => !inFamilies.test(name) && !readme.includes(`\`${name}\``))).toEqual([]);
  });

  it('has all of the codes of WireError', () => {
    const source = readFileSync(new URL('../src/wire-error.ts', import.meta.url), 'utf8');
    const codes = [...source.matchAll(/^ {2}\| '([a-z0-9-]+)'/gm)].map(([, code = '']) => `\`${code}\``);
    const documented = rowsOf(sectionOf(readme, '## Errors')).map(([code = '']) => code);
    expect(documented.filter((code) => code.startsWith('`'))).toEqual(codes);
  });
});

/** Values and types: the latter leave no trace that a program could look at. */
function exportedNames(): string[] {
  const index = readFileSync(new URL('../src/index.ts', import.meta.url), 'utf8');
  const lists = [...index.matchAll(/export (?:type )?\{([^}]*)\}/g)].map(([, list = '']) => list);
  return lists.flatMap((list) => list.replaceAll(/\btype /g, '').match(/\w+/g) ?? []);
}

function rowsOf(markdown: string): string[][] {
  const lines = markdown.split('\n').filter((line) => line.startsWith('|') && !/^[|\s:-]+$/.test(line));
  return lines.map((line) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
}

function sectionOf(markdown: string, heading: string): string {
  const start = markdown.indexOf(heading);
  if (start < 0) throw new Error(`no section ${heading}`);
  const end = markdown.indexOf('\n## ', start + 1);
  return markdown.slice(start, end < 0 ? undefined : end);
}

function latin1(bytes: Uint8Array): string {
  return String.fromCharCode(...bytes);
}
