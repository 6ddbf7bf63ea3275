// Goal: one check of every published vector, run by vitest on the sources and by a browser on the built package.
// Method: a plain module that imports nothing at run time; it is given the package and the vectors, and returns cases that throw.
import type * as Wire from '../src/index.js';
import type { BencodeTree, Json, PayloadVectors, VectorFiles } from './vector-files.js';

export type WireModule = typeof Wire;

export interface VectorCase {
  readonly suite: string;
  readonly name: string;
  /** Throws an error that says what differs. */
  readonly run: () => void;
}

export function vectorCases(wire: WireModule, files: VectorFiles): VectorCase[] {
  return [
    ...messageCases(wire, files.messages),
    ...malformedCases(wire, files.malformed),
    ...handshakeCases(wire, files.handshake),
    ...bencodeCases(wire, files.bencode),
    ...metainfoCases(wire, files.metainfo),
    ...magnetCases(wire, files.magnet),
    ...extensionCases(wire, files.extensions),
    ...addressCases(wire, files.addresses),
    ...digestCases(wire, files.digests),
    ...bitfieldCases(wire, files.bitfield),
  ];
}

function messageCases(wire: WireModule, { cases, receivedOnly }: VectorFiles['messages']): VectorCase[] {
  const decodes = [...cases, ...receivedOnly].map(({ name, message, bytes }) => ({
    suite: 'messages',
    name: `decodes ${name}`,
    run: () => {
      const frame = wire.fromHex(bytes);
      same(plain(wire, new wire.FrameDecoder().push(frame)), [message]);
      same(plain(wire, wire.decodeMessage(frame.subarray(4))), message);
    },
  }));
  const encodes = cases.map(({ name, message, bytes }) => ({
    suite: 'messages',
    name: `encodes ${name}`,
    run: () => {
      const revived = reviveMessage(wire, message);
      same(wire.toHex(wire.encodeMessage(revived)), bytes);
      same(wire.messageBytes(revived), bytes.length / 2);
    },
  }));
  return [...decodes, ...encodes];
}

function malformedCases(wire: WireModule, { cases }: VectorFiles['malformed']): VectorCase[] {
  return cases.map(({ name, bytes, code, pieceCount }) => ({
    suite: 'malformed',
    name: `refuses ${name}`,
    run: () => {
      const decoder = new wire.FrameDecoder(pieceCount === undefined ? {} : { pieceCount });
      throwsWireError(wire, code, () => decoder.push(wire.fromHex(bytes)));
    },
  }));
}

function handshakeCases(wire: WireModule, files: VectorFiles['handshake']): VectorCase[] {
  const decodes = [...files.cases, ...files.receivedOnly].map(({ name, handshake, bytes }) => ({
    suite: 'handshake',
    name: `decodes ${name}`,
    run: () => {
      same(plain(wire, wire.decodeHandshake(wire.fromHex(bytes))), handshake);
    },
  }));
  const encodes = files.cases.map(({ name, bytes }) => ({
    suite: 'handshake',
    name: `encodes ${name}`,
    run: () => {
      same(wire.toHex(wire.encodeHandshake(wire.decodeHandshake(wire.fromHex(bytes)))), bytes);
    },
  }));
  const refuses = files.malformed.map(({ name, bytes, firstWrong }) => ({
    suite: 'handshake',
    name: `refuses ${name}`,
    run: () => {
      const all = wire.fromHex(bytes);
      throwsWireError(wire, 'bad-handshake', () => wire.decodeHandshake(all.subarray(0, 68)));
      const decoder = new wire.HandshakeDecoder();
      same(decoder.push(all.subarray(0, firstWrong)), undefined);
      throwsWireError(wire, 'bad-handshake', () => decoder.push(all.subarray(firstWrong, firstWrong + 1)));
    },
  }));
  return [...decodes, ...encodes, ...refuses];
}

function bencodeCases(wire: WireModule, files: VectorFiles['bencode']): VectorCase[] {
  const decodes = [...files.cases, ...files.receivedOnly].map(({ name, bytes, value }) => ({
    suite: 'bencode',
    name: `decodes ${name}`,
    run: () => {
      const decoded = wire.decodeBencode(wire.fromHex(bytes));
      if (value !== null) same(toTree(wire, decoded), value);
    },
  }));
  const encodes = files.cases.map(({ name, bytes }) => ({
    suite: 'bencode',
    name: `encodes ${name}`,
    run: () => {
      same(wire.toHex(wire.encodeBencode(wire.decodeBencode(wire.fromHex(bytes)))), bytes);
    },
  }));
  const refuses = files.malformed.map(({ name, bytes }) => ({
    suite: 'bencode',
    name: `refuses ${name}`,
    run: () => {
      throwsWireError(wire, 'bad-bencode', () => wire.decodeBencode(wire.fromHex(bytes)));
    },
  }));
  return [...decodes, ...encodes, ...refuses];
}

function metainfoCases(wire: WireModule, files: VectorFiles['metainfo']): VectorCase[] {
  const decodes = files.cases.map(({ name, bytes, infoHash, metainfo, announce, createdBy, comment }) => ({
    suite: 'metainfo',
    name: `decodes ${name}`,
    run: () => {
      const file = wire.decodeMetainfo(wire.fromHex(bytes));
      const { layout, infoBytes, pieceHashes, ...rest } = file.metainfo;
      same(wire.toHex(wire.sha1(infoBytes)), infoHash);
      same(pieceHashes.length, layout.pieceCount * 20);
      const geometry = {
        pieceLength: layout.pieceLength,
        totalBytes: layout.totalBytes,
        pieceCount: layout.pieceCount,
      };
      same(plain(wire, { ...rest, ...geometry }), { ...metainfo, infoHash });
      same(plain(wire, { ...file, metainfo: undefined }), plain(wire, { announce, createdBy, comment }));
    },
  }));
  const refuses = [...files.malformedInfo, ...files.malformed].map(({ name, bytes }, index) => ({
    suite: 'metainfo',
    name: `refuses ${name}`,
    run: () => {
      const decode = index < files.malformedInfo.length ? wire.decodeInfo : wire.decodeMetainfo;
      throwsWireError(wire, 'bad-metainfo', () => decode(wire.fromHex(bytes)));
    },
  }));
  return [...decodes, ...refuses];
}

function magnetCases(wire: WireModule, files: VectorFiles['magnet']): VectorCase[] {
  const reads = [...files.cases, ...files.receivedOnly].map(({ name, uri, magnet }) => ({
    suite: 'magnet',
    name: `reads ${name}`,
    run: () => {
      same(plain(wire, wire.parseMagnet(uri)), magnet);
    },
  }));
  const writes = files.cases.map(({ name, uri, magnet }) => ({
    suite: 'magnet',
    name: `writes ${name}`,
    run: () => {
      same(wire.formatMagnet({ ...magnet, infoHash: wire.fromHex(magnet.infoHash) }), uri);
    },
  }));
  const refuses = files.malformed.map(({ name, uri, code }) => ({
    suite: 'magnet',
    name: `refuses ${name}`,
    run: () => {
      throwsWireError(wire, code, () => wire.parseMagnet(uri));
    },
  }));
  return [...reads, ...writes, ...refuses];
}

function extensionCases(wire: WireModule, files: VectorFiles['extensions']): VectorCase[] {
  const { decodeExtendedHandshake, encodeExtendedHandshake, decodeUtMetadata, encodeUtMetadata } = wire;
  const { decodeUtPex, encodeUtPex, decodeLtDontHave, encodeLtDontHave, decodeCatalog, encodeCatalog } = wire;
  const hash: VectorCase = {
    suite: 'catalog',
    name: 'has the info-hash that stands for all that a peer shares',
    run: () => {
      same(wire.toHex(wire.CATALOG_INFO_HASH), files.catalogInfoHash);
    },
  };
  return [
    hash,
    ...payloadCases(wire, files.extendedHandshake, {
      suite: 'extended handshake',
      decode: decodeExtendedHandshake,
      again: (payload) => encodeExtendedHandshake(decodeExtendedHandshake(payload)),
    }),
    ...payloadCases(wire, files.utMetadata, {
      suite: 'ut_metadata',
      decode: decodeUtMetadata,
      again: (payload) => {
        const message = decodeUtMetadata(payload);
        return message.type === 'unknown' ? payload : encodeUtMetadata(message);
      },
    }),
    ...payloadCases(wire, files.utPex, {
      suite: 'ut_pex',
      decode: decodeUtPex,
      again: (payload) => encodeUtPex(decodeUtPex(payload)),
    }),
    ...payloadCases(wire, files.ltDontHave, {
      suite: 'lt_donthave',
      decode: decodeLtDontHave,
      again: (payload) => encodeLtDontHave(decodeLtDontHave(payload)),
    }),
    ...payloadCases(wire, files.catalog, {
      suite: 'p2p_catalog',
      decode: decodeCatalog,
      again: (payload) => encodeCatalog(decodeCatalog(payload)),
    }),
    ...payloadCases(wire, files.gossip, {
      suite: 'p2p_gossip',
      decode: wire.decodeGossip,
      again: (payload) => wire.encodeGossip(wire.decodeGossip(payload)),
    }),
    ...payloadCases(wire, files.offer, {
      suite: 'p2p_offer',
      decode: wire.decodeOffer,
      again: (payload) => wire.encodeOffer(wire.decodeOffer(payload)),
    }),
    ...payloadCases(wire, files.soon, {
      suite: 'p2p_soon',
      decode: wire.decodeSoon,
      again: (payload) => wire.encodeSoon(wire.decodeSoon(payload)),
    }),
  ];
}

interface PayloadCodec {
  readonly suite: string;
  readonly decode: (payload: Uint8Array) => unknown;
  readonly again: (payload: Uint8Array) => Uint8Array;
}

function payloadCases(wire: WireModule, files: PayloadVectors, { suite, decode, again }: PayloadCodec): VectorCase[] {
  const decodes = [...files.cases, ...files.receivedOnly].map(({ name, payload, value }) => ({
    suite,
    name: `decodes ${name}`,
    run: () => {
      same(plain(wire, decode(wire.fromHex(payload))), value);
    },
  }));
  const encodes = files.cases.map(({ name, payload }) => ({
    suite,
    name: `encodes ${name}`,
    run: () => {
      same(wire.toHex(again(wire.fromHex(payload))), payload);
    },
  }));
  const refuses = files.malformed.map(({ name, payload, code }) => ({
    suite,
    name: `refuses ${name}`,
    run: () => {
      throwsWireError(wire, code, () => decode(wire.fromHex(payload)));
    },
  }));
  return [...decodes, ...encodes, ...refuses];
}

function addressCases(wire: WireModule, files: VectorFiles['addresses']): VectorCase[] {
  const suite = 'addresses';
  const { ipv4, ipv6, addresses4, addresses6 } = files.compact;
  return [
    ...files.parse.map(({ text, host, port, canonical }) => ({
      suite,
      name: `reads ${text}`,
      run: () => {
        const address = wire.parsePeerAddress(text);
        same(address, { host, port });
        same(wire.formatPeerAddress(address), canonical);
      },
    })),
    ...files.malformed.map((text) => ({
      suite,
      name: `refuses "${wire.printable(text, 40)}"`,
      run: () => {
        throwsWireError(wire, 'bad-address', () => wire.parsePeerAddress(text));
      },
    })),
    {
      suite,
      name: 'reads and writes compact lists',
      run: () => {
        same(wire.decodeCompactPeers4(wire.fromHex(ipv4)), addresses4);
        same(wire.decodeCompactPeers6(wire.fromHex(ipv6)), addresses6);
        same(plain(wire, wire.encodeCompactPeers([...addresses6, ...addresses4])), { ipv4, ipv6 });
      },
    },
    ...files.canonicalPriority.map(({ name, a, b, priority }) => ({
      suite,
      name: `ranks ${name}, from both ends`,
      run: () => {
        same(wire.canonicalPriority(a, b).toString(16).padStart(8, '0'), priority);
        same(wire.canonicalPriority(b, a).toString(16).padStart(8, '0'), priority);
      },
    })),
    ...files.allowedFast.map(({ infoHash, pieces, ...input }) => ({
      suite,
      name: `allows ${input.host} ${pieces.length} pieces when choked`,
      run: () => {
        same(wire.allowedFastSet({ ...input, infoHash: wire.fromHex(infoHash) }), pieces);
      },
    })),
  ];
}

function digestCases(wire: WireModule, { cases }: VectorFiles['digests']): VectorCase[] {
  return cases.map(({ bytes, sha1, crc32c }) => ({
    suite: 'digests',
    name: `of ${bytes.length / 2} bytes`,
    run: () => {
      const input = wire.fromHex(bytes);
      same(wire.toHex(wire.sha1(input)), sha1);
      same(wire.crc32c(input).toString(16).padStart(8, '0'), crc32c);
    },
  }));
}

function bitfieldCases(wire: WireModule, files: VectorFiles['bitfield']): VectorCase[] {
  const good = files.cases.map(({ size, bytes, indices }) => ({
    suite: 'bitfield',
    name: `of ${indices.length} in ${size} pieces`,
    run: () => {
      const bitfield = wire.Bitfield.fromWire(wire.fromHex(bytes), size);
      same([...bitfield.indices()], indices);
      same(bitfield.count, indices.length);
      same(wire.toHex(bitfield.toWire()), bytes);
    },
  }));
  const bad = files.malformed.map(({ name, size, bytes }) => ({
    suite: 'bitfield',
    name: `refuses ${name}`,
    run: () => {
      throwsWireError(wire, 'bad-bitfield', () => wire.Bitfield.fromWire(wire.fromHex(bytes), size));
    },
  }));
  return [...good, ...bad];
}

function throwsWireError(wire: WireModule, code: string, action: () => unknown): void {
  let result: unknown;
  try {
    result = action();
  } catch (error) {
    if (!(error instanceof wire.WireError)) throw error;
    same(error.code, code);
    return;
  }
  throw new Error(`expected WireError ${code}, got ${JSON.stringify(plain(wire, result))}`);
}

function same(actual: unknown, expected: unknown): void {
  const [found, wanted] = [canonicalJson(actual), canonicalJson(expected)];
  if (found !== wanted) throw new Error(`expected ${wanted}\n     got ${found}`);
}

/** JSON with sorted keys; what is `undefined` counts as absent. */
function canonicalJson(value: unknown): string {
  if (value === undefined) return 'undefined';
  return JSON.stringify(value, (_, field: unknown) =>
    typeof field === 'object' && field !== null && !Array.isArray(field)
      ? Object.fromEntries(Object.entries(field).sort(([a], [b]) => (a < b ? -1 : 1)))
      : field,
  );
}

/** The value as the vectors write it: bytes in hexadecimal digits, maps as records. */
export function plain(wire: WireModule, value: unknown): unknown {
  if (value instanceof Uint8Array) return wire.toHex(value);
  if (value instanceof Map) return plain(wire, Object.fromEntries(value));
  if (Array.isArray(value)) return value.map((item) => plain(wire, item));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, field]) => [key, plain(wire, field)]));
}

/** The parse boundary: a vector's message becomes one of ours, as its `type` says. */
export function reviveMessage(wire: WireModule, message: Json): Wire.Message {
  const isHex = (key: string): boolean => key === 'bits' || key === 'data' || key === 'payload';
  const fields = Object.entries(message).map(([key, value]) => [key, isHex(key) ? wire.fromHex(String(value)) : value]);
  // eslint-disable-next-line p2p/no-type-assertion -- a parse boundary: the field `type` says which, and encoding checks the rest
  return Object.fromEntries(fields) as Wire.Message;
}

function toTree(wire: WireModule, value: Wire.BencodeValue): BencodeTree {
  if (value instanceof Uint8Array) return { string: wire.toHex(value) };
  if (typeof value !== 'object') return { integer: String(value) };
  if (isList(value)) return { list: value.map((item) => toTree(wire, item)) };
  const keyHex = (key: string): string => wire.toHex(Uint8Array.from(key, (character) => character.charCodeAt(0)));
  return { dictionary: [...value].map(([key, item]) => [keyHex(key), toTree(wire, item)] as const) };
}

function isList(value: Wire.BencodeValue): value is readonly Wire.BencodeValue[] {
  return Array.isArray(value);
}
