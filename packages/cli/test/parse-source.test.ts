import { describe, expect, it } from 'vitest';

import { CliError } from '../src/index.js';
import { parseAddress, parseSource } from '../src/parse-source.js';

const HASH = '0123456789abcdef0123456789abcdef01234567';

describe('parseSource', () => {
  it('knows a magnet link, whatever its case', () => {
    const source = parseSource(`MAGNET:?xt=urn:btih:${HASH}&x.pe=127.0.0.1:7001`);
    expect(source).toMatchObject({ kind: 'magnet', magnet: { peers: [{ host: '127.0.0.1', port: 7001 }] } });
  });

  it('knows an address, IPv6 and names included', () => {
    expect(parseSource('127.0.0.1:7001')).toEqual({ kind: 'address', address: { host: '127.0.0.1', port: 7001 } });
    expect(parseSource('[::1]:7001')).toEqual({ kind: 'address', address: { host: '::1', port: 7001 } });
    expect(parseSource('localhost:7001')).toEqual({ kind: 'address', address: { host: 'localhost', port: 7001 } });
  });

  it('takes everything else for a path, as it does a name with a slash that looks like an address', () => {
    expect(parseSource('photos.torrent')).toEqual({ kind: 'torrentFile', path: 'photos.torrent' });
    expect(parseSource('./odd:80')).toEqual({ kind: 'torrentFile', path: './odd:80' });
  });

  it('calls a broken link or address an error of usage', () => {
    for (const text of ['magnet:?dn=nothing', '127.0.0.1:99999', '::1:80']) {
      let error: unknown;
      try {
        parseSource(text);
      } catch (caught) {
        error = caught;
      }
      expect(error, text).toBeInstanceOf(CliError);
      expect(error, text).toMatchObject({ code: 'usage' });
    }
  });
});

describe('parseAddress', () => {
  it('wants a port that can be dialled', () => {
    expect(() => parseAddress('127.0.0.1:0')).toThrow('port from 1 to 65535');
    expect(() => parseAddress('127.0.0.1')).toThrow('expected HOST:PORT');
  });
});
