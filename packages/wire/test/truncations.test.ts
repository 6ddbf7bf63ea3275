// Goal: half of something is either not an answer yet, or a WireError.
// Method: exhaustive. Every vector is cut at every byte, and every byte of the shorter ones is changed to every neighbour by one bit.
import { describe, expect, it } from 'vitest';

import * as wire from '../src/index.js';
import { readVectors } from './read-vectors.js';

const files = readVectors();

describe('a truncated frame', () => {
  it.each([...files.messages.cases, ...files.messages.receivedOnly])(
    'of $name is kept, and is no message',
    ({ bytes }) => {
      const frame = wire.fromHex(bytes);
      for (let length = 0; length < frame.length; length++) {
        const decoder = new wire.FrameDecoder();
        expect(decoder.push(frame.subarray(0, length))).toEqual([]);
        expect(decoder.bufferedBytes).toBe(length);
      }
    },
  );

  it.each(files.malformed.cases)('of what is malformed ($name) gives no more than WireError', ({ bytes }) => {
    sweep(wire.fromHex(bytes), (input) => new wire.FrameDecoder().push(input));
    sweep(wire.fromHex(bytes).subarray(4), wire.decodeMessage);
  });
});

interface Subject {
  readonly name: string;
  readonly decode: (bytes: Uint8Array) => unknown;
  readonly inputs: readonly Uint8Array[];
}

const { extendedHandshake, utMetadata, utPex, ltDontHave, catalog, gossip, offer, soon } = files.extensions;
const payloads = (vectors: typeof utPex): Uint8Array[] =>
  [...vectors.cases, ...vectors.receivedOnly, ...vectors.malformed].map(({ payload }) => wire.fromHex(payload));
const bytesOf = (vectors: readonly { readonly bytes: string }[]): Uint8Array[] =>
  vectors.map(({ bytes }) => wire.fromHex(bytes));
const texts = (list: readonly string[]): Uint8Array[] =>
  list.map((text) => Uint8Array.from(text, (letter) => letter.charCodeAt(0)));
const latin1 = (bytes: Uint8Array): string => String.fromCharCode(...bytes);

const bencoded = bytesOf([...files.bencode.cases, ...files.bencode.receivedOnly, ...files.bencode.malformed]);
const torrents = bytesOf([...files.metainfo.cases, ...files.metainfo.malformed]);
const uris = [...files.magnet.cases, ...files.magnet.receivedOnly, ...files.magnet.malformed].map(({ uri }) => uri);
const subjects: readonly Subject[] = [
  { name: 'handshake', decode: wire.decodeHandshake, inputs: bytesOf(files.handshake.cases) },
  { name: 'bencode', decode: wire.decodeBencode, inputs: bencoded },
  { name: 'bencode before other bytes', decode: wire.decodeBencodePrefix, inputs: bencoded },
  { name: 'value of a dictionary', decode: (bytes) => wire.rawDictionaryValue(bytes, 'a'), inputs: bencoded },
  { name: 'torrent', decode: wire.decodeMetainfo, inputs: torrents },
  { name: 'info dictionary', decode: wire.decodeInfo, inputs: bytesOf(files.metainfo.malformedInfo) },
  { name: 'magnet link', decode: (bytes) => wire.parseMagnet(latin1(bytes)), inputs: texts(uris) },
  {
    name: 'address',
    decode: (bytes) => wire.parsePeerAddress(latin1(bytes)),
    inputs: texts([...files.addresses.parse.map(({ text }) => text), ...files.addresses.malformed]),
  },
  { name: 'extended handshake', decode: wire.decodeExtendedHandshake, inputs: payloads(extendedHandshake) },
  { name: 'ut_metadata', decode: wire.decodeUtMetadata, inputs: payloads(utMetadata) },
  { name: 'ut_pex', decode: wire.decodeUtPex, inputs: payloads(utPex) },
  { name: 'lt_donthave', decode: wire.decodeLtDontHave, inputs: payloads(ltDontHave) },
  { name: 'p2p_catalog', decode: wire.decodeCatalog, inputs: payloads(catalog) },
  { name: 'p2p_gossip', decode: wire.decodeGossip, inputs: payloads(gossip) },
  { name: 'p2p_offer', decode: wire.decodeOffer, inputs: payloads(offer) },
  { name: 'p2p_soon', decode: wire.decodeSoon, inputs: payloads(soon) },
  { name: 'bitfield', decode: (bytes) => wire.Bitfield.fromWire(bytes, 77), inputs: bytesOf(files.bitfield.cases) },
];

describe.each(subjects)('a truncated or altered $name', ({ decode, inputs }) => {
  it('gives no more than WireError at any length', () => {
    for (const input of inputs) sweep(input, decode);
  });

  it('gives no more than WireError with any bit changed', () => {
    for (const input of inputs) {
      if (input.length > 600) continue;
      const altered = Uint8Array.from(input);
      for (let bit = 0; bit < input.length * 8; bit++) {
        altered[bit >> 3] = (input[bit >> 3] ?? 0) ^ (1 << (bit & 7));
        decodesOrThrowsWireError(altered, decode);
        altered[bit >> 3] = input[bit >> 3] ?? 0;
      }
    }
  });
});

describe('a canonical value', () => {
  it('is never whole before its end', () => {
    for (const input of bytesOf(files.bencode.cases)) {
      for (let length = 0; length < input.length; length++) {
        expect(() => wire.decodeBencode(input.subarray(0, length))).toThrow(wire.WireError);
      }
    }
  });
});

function sweep(input: Uint8Array, decode: (bytes: Uint8Array) => unknown): void {
  for (let length = 0; length <= input.length; length++) decodesOrThrowsWireError(input.subarray(0, length), decode);
}

function decodesOrThrowsWireError(input: Uint8Array, decode: (bytes: Uint8Array) => unknown): void {
  try {
    decode(input);
  } catch (error) {
    if (!(error instanceof wire.WireError)) throw error;
  }
}
