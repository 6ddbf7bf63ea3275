import { CliError } from '@p2p/cli';
import { type CatalogEntry, fromHex } from '@p2p/wire';
import { describe, expect, it } from 'vitest';

import { chooseShare } from '../src/choose-share.js';

const ADDRESS = { host: '10.0.0.1', port: 7001 };

function entry(name: string): CatalogEntry {
  return { infoHash: fromHex('ab'.repeat(20)), name, length: 2048, pieceLength: 65_536 };
}

describe('chooseShare', () => {
  it('takes the only one, whatever it is called', () => {
    expect(chooseShare({ address: ADDRESS, entries: [entry('film')] }, '/x/copy').name).toBe('film');
  });

  it('takes the one with the name of the path', () => {
    const entries = [entry('film'), entry('song')];
    expect(chooseShare({ address: ADDRESS, entries }, '/x/song').name).toBe('song');
  });

  it('lists what there is if it is not clear, each with the command that fetches it', () => {
    const entries = [entry('film'), entry("so'ng\u001b\n")];
    const choose = () => chooseShare({ address: ADDRESS, entries }, '/x/other');
    expect(choose).toThrow(CliError);
    expect(choose).toThrow("10.0.0.1:7001 shares 2 things; choose one:\n  film  2 KiB\n    p2p-peer get 'magnet:?");
    // A quote in a name must not end the quoted link when it is pasted into a shell.
    expect(choose).toThrow(
      "\n  so'ng??  2 KiB\n    p2p-peer get 'magnet:?xt=urn:btih:" + 'ab'.repeat(20) + '&dn=so%27ng%1B%0A&',
    );
  });

  it('asks which, of two with the same name', () => {
    const entries = [entry('film'), entry('film'), entry('song')];
    expect(() => chooseShare({ address: ADDRESS, entries }, 'film')).toThrow('shares 3 things');
  });

  it('lists no more than a screen holds', () => {
    const entries = Array.from({ length: 300 }, (_, index) => entry(`f${index}`));
    const choose = () => chooseShare({ address: ADDRESS, entries });
    expect(choose).toThrow('… and more: p2p-peer list 10.0.0.1:7001');
    expect(choose).not.toThrow('f20 ');
  });
});
