import { describe, expect, it } from 'vitest';

import {
  decodeCatalog,
  decodeExtendedHandshake,
  decodeGossip,
  decodeLtDontHave,
  decodeOffer,
  decodeSoon,
  decodeUtMetadata,
  decodeUtPex,
  encodeBencode,
  encodeCatalog,
  encodeExtendedHandshake,
  encodeGossip,
  encodeLtDontHave,
  encodeOffer,
  encodeSoon,
  encodeUtMetadata,
  encodeUtPex,
  MAX_CATALOG_PAGE_ENTRIES,
  MAX_GOSSIP_PEERS,
  MAX_OFFER_MS,
  MAX_OFFERED_BLOCKS,
  MAX_PEX_ADDRESSES,
} from '../src/index.js';

describe('extended handshake', () => {
  it('reads no more than 128 extensions', () => {
    const names = Array.from({ length: 200 }, (_, index) => [`x${index}`, 1] as const);
    expect(decodeExtendedHandshake(encodeExtendedHandshake({ extensions: new Map(names) })).extensions.size).toBe(128);
  });

  it('keeps nothing of the payload', () => {
    const payload = encodeExtendedHandshake({ extensions: new Map(), yourIp: Uint8Array.of(1, 2, 3, 4) });
    const decoded = decodeExtendedHandshake(payload);
    payload.fill(0);
    expect(decoded.yourIp).toEqual(Uint8Array.of(1, 2, 3, 4));
  });

  it('refuses an id that is no byte', () => {
    expect(() => encodeExtendedHandshake({ extensions: new Map([['ut_pex', 256]]) })).toThrow(/got 256 for ut_pex/);
  });
});

describe('ut_metadata', () => {
  it('returns data as a view', () => {
    const payload = encodeUtMetadata({ type: 'data', piece: 0, totalBytes: 3, data: Uint8Array.of(1, 2, 3) });
    const decoded = decodeUtMetadata(payload);
    expect(decoded.type === 'data' && decoded.data.buffer).toBe(payload.buffer);
  });

  it('sends only pieces that exist, whole', () => {
    const data = (length: number, piece: number, totalBytes: number) => (): Uint8Array =>
      encodeUtMetadata({ type: 'data', piece, totalBytes, data: new Uint8Array(length) });
    expect(data(16_384, 0, 20_000)).not.toThrow();
    expect(data(3616, 1, 20_000)).not.toThrow();
    expect(data(3615, 1, 20_000)).toThrow('expected 3616 bytes for piece 1 of 20000, got 3615');
    expect(data(0, 1, 2 ** 25)).toThrow(RangeError);
    expect(() => encodeUtMetadata({ type: 'request', piece: 1024 })).toThrow(/piece: expected/);
  });
});

describe('ut_pex', () => {
  it('sends flags that match the addresses it sends, when some have no compact form', () => {
    const added = ['10.0.0.1', 'a.example', '::1', '10.0.0.2'].map((host, index) => ({
      address: { host, port: 1 },
      flags: index + 1,
    }));
    const decoded = decodeUtPex(encodeUtPex({ added, dropped: [{ host: 'b.example', port: 1 }] }));
    expect(decoded).toEqual({ added: [added[0], added[3], added[2]], dropped: [] });
  });

  it('reads no more than its bound of each list', () => {
    const bytes = (size: number): Uint8Array => new Uint8Array(size * (MAX_PEX_ADDRESSES + 50));
    const payload = encodeBencode({ added: bytes(6), added6: bytes(18), dropped: bytes(6), dropped6: bytes(18) });
    const decoded = decodeUtPex(payload);
    expect([decoded.added.length, decoded.dropped.length]).toEqual([2 * MAX_PEX_ADDRESSES, 2 * MAX_PEX_ADDRESSES]);
  });

  it('refuses a flag that is no byte', () => {
    const added = [{ address: { host: '10.0.0.1', port: 1 }, flags: 256 }];
    expect(() => encodeUtPex({ added, dropped: [] })).toThrow(/flags: expected/);
  });
});

describe('p2p_gossip', () => {
  const peer = { address: { host: '10.0.0.1', port: 1 }, flags: 0 };

  it('refuses a message that no peer would accept', () => {
    const gossip = (linkCount: number, count: number) => (): Uint8Array =>
      encodeGossip({ type: 'ask', linkCount, peers: Array.from({ length: count }, () => peer) });
    expect(gossip(65_535, MAX_GOSSIP_PEERS)).not.toThrow();
    expect(gossip(0, MAX_GOSSIP_PEERS + 1)).toThrow(/peers.length/);
    for (const links of [-1, 65_536, 0.5]) expect(gossip(links, 0)).toThrow(/linkCount/);
  });

  it('leaves out what has no compact form', () => {
    const peers = [{ address: { host: 'a.example', port: 1 }, flags: 1 }, peer];
    expect(decodeGossip(encodeGossip({ type: 'answer', linkCount: 3, peers })).peers).toEqual([peer]);
  });
});

describe('lt_donthave', () => {
  it('refuses a piece that is no u32', () => {
    for (const piece of [-1, 2 ** 32, 0.5]) expect(() => encodeLtDontHave(piece)).toThrow(RangeError);
  });

  it('says what it expected and what it found', () => {
    expect(() => decodeLtDontHave(new Uint8Array(3))).toThrow('lt_donthave: expected 4 bytes, found 3');
  });
});

describe('p2p_offer', () => {
  it('refuses a number of blocks, and a time, that no peer would accept', () => {
    expect(() => encodeOffer({ blockCount: MAX_OFFERED_BLOCKS, holdsMs: MAX_OFFER_MS })).not.toThrow();
    for (const blockCount of [-1, MAX_OFFERED_BLOCKS + 1, 0.5, NaN]) {
      expect(() => encodeOffer({ blockCount, holdsMs: 600 })).toThrow(RangeError);
    }
    for (const holdsMs of [-1, MAX_OFFER_MS + 1, 0.5, NaN]) {
      expect(() => encodeOffer({ blockCount: 4, holdsMs })).toThrow(RangeError);
    }
  });

  it('says what it expected and what it found', () => {
    expect(() => decodeOffer(new Uint8Array(3))).toThrow('p2p_offer: expected 8 bytes, found 3');
    expect(() => decodeOffer(Uint8Array.of(0, 1, 0, 0, 0, 0, 0, 0))).toThrow(
      'p2p_offer: expected at most 65535 blocks, found 65536',
    );
    expect(() => decodeOffer(Uint8Array.of(0, 0, 0, 4, 0, 1, 0, 0))).toThrow(
      'p2p_offer: expected at most 60000 milliseconds, found 65536',
    );
  });
});

describe('p2p_soon', () => {
  it('refuses a piece that is no u32', () => {
    expect(() => encodeSoon(2 ** 32 - 1)).not.toThrow();
    for (const piece of [-1, 2 ** 32, 0.5, NaN]) expect(() => encodeSoon(piece)).toThrow(RangeError);
  });

  it('says what it expected and what it found', () => {
    expect(() => encodeSoon(-1)).toThrow('piece: expected an integer from 0 to 4294967295, got -1');
    expect(() => decodeSoon(new Uint8Array(5))).toThrow('p2p_soon: expected 4 bytes, found 5');
  });
});

describe('p2p_catalog', () => {
  const entry = { infoHash: new Uint8Array(20), name: 'a', length: 1, pieceLength: 1 };

  it('cuts a name that is too long between characters', () => {
    for (const name of ['é'.repeat(200), `a${'é'.repeat(200)}`, '👩'.repeat(90), 'a'.repeat(300)]) {
      const message = decodeCatalog(
        encodeCatalog({ type: 'page', offset: 0, total: 1, entries: [{ ...entry, name }] }),
      );
      const cut = message.type === 'page' ? (message.entries[0]?.name ?? '') : '';
      expect(name.startsWith(cut)).toBe(true);
      expect(Buffer.byteLength(cut)).toBeGreaterThan(250);
      expect(Buffer.byteLength(cut)).toBeLessThanOrEqual(255);
    }
  });

  it('refuses a page that no peer would accept', () => {
    const page =
      (change: object, count = 1) =>
      (): Uint8Array => {
        const entries = Array.from({ length: count }, () => ({ ...entry, ...change }));
        return encodeCatalog({ type: 'page', offset: 0, total: count, entries });
      };
    expect(page({}, MAX_CATALOG_PAGE_ENTRIES)).not.toThrow();
    expect(page({}, MAX_CATALOG_PAGE_ENTRIES + 1)).toThrow(/entries.length/);
    expect(page({ infoHash: new Uint8Array(19) })).toThrow(/infoHash/);
    expect(page({ length: -1 })).toThrow(/length/);
    expect(page({ pieceLength: 1.5 })).toThrow(/pieceLength/);
    expect(() => encodeCatalog({ type: 'request', offset: -1 })).toThrow(/offset/);
  });

  it('fills a page of the longest names within the bound of a frame', () => {
    const entries = Array.from({ length: MAX_CATALOG_PAGE_ENTRIES }, () => ({ ...entry, name: 'x'.repeat(255) }));
    expect(encodeCatalog({ type: 'page', offset: 0, total: 256, entries }).length).toBeLessThan(100_000);
  });
});
