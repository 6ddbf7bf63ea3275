// The shape of vectors/*.json. Other implementers read these files too: changing a name here is a breaking change.

export interface Json {
  readonly [key: string]: unknown;
}

export interface FrameVector {
  readonly name: string;
  readonly message: Json;
  readonly bytes: string;
}

export interface MalformedFrameVector {
  readonly name: string;
  readonly bytes: string;
  readonly code: string;
  readonly pieceCount?: number;
}

export interface HandshakeVector {
  readonly name: string;
  readonly handshake: Json;
  readonly bytes: string;
}

export interface BencodeVector {
  readonly name: string;
  readonly bytes: string;
  readonly value: BencodeTree | null;
}

export type BencodeTree =
  | { readonly integer: string }
  | { readonly string: string }
  | { readonly list: readonly BencodeTree[] }
  | { readonly dictionary: readonly (readonly [string, BencodeTree])[] };

export interface MetainfoVector {
  readonly name: string;
  readonly bytes: string;
  readonly infoHash: string;
  readonly metainfo: Json;
  readonly announce: readonly (readonly string[])[];
  readonly createdBy?: string;
  readonly comment?: string;
}

export interface AddressJson {
  readonly host: string;
  readonly port: number;
}

export interface MagnetVector {
  readonly name: string;
  readonly uri: string;
  readonly magnet: {
    readonly infoHash: string;
    readonly name?: string;
    readonly length?: number;
    readonly peers: readonly AddressJson[];
  };
}

export interface PayloadVector {
  readonly name: string;
  readonly payload: string;
  readonly value: unknown;
}

export interface PayloadVectors {
  readonly cases: readonly PayloadVector[];
  readonly receivedOnly: readonly PayloadVector[];
  readonly malformed: readonly { readonly name: string; readonly payload: string; readonly code: string }[];
}

interface NamedBytes {
  readonly name: string;
  readonly bytes: string;
}

/** All published vectors, by file. */
export interface VectorFiles {
  readonly messages: { readonly cases: readonly FrameVector[]; readonly receivedOnly: readonly FrameVector[] };
  readonly malformed: { readonly cases: readonly MalformedFrameVector[] };
  readonly handshake: {
    readonly cases: readonly HandshakeVector[];
    readonly receivedOnly: readonly HandshakeVector[];
    readonly malformed: readonly (NamedBytes & { readonly firstWrong: number })[];
  };
  readonly bencode: {
    readonly cases: readonly BencodeVector[];
    readonly receivedOnly: readonly BencodeVector[];
    readonly malformed: readonly NamedBytes[];
  };
  readonly metainfo: {
    readonly cases: readonly MetainfoVector[];
    readonly malformedInfo: readonly NamedBytes[];
    readonly malformed: readonly NamedBytes[];
  };
  readonly magnet: {
    readonly cases: readonly MagnetVector[];
    readonly receivedOnly: readonly MagnetVector[];
    readonly malformed: readonly { readonly name: string; readonly uri: string; readonly code: string }[];
  };
  readonly extensions: {
    readonly extendedHandshake: PayloadVectors;
    readonly utMetadata: PayloadVectors;
    readonly utPex: PayloadVectors;
    readonly ltDontHave: PayloadVectors;
    readonly catalog: PayloadVectors;
    readonly gossip: PayloadVectors;
    readonly offer: PayloadVectors;
    readonly soon: PayloadVectors;
    readonly catalogInfoHash: string;
  };
  readonly addresses: {
    readonly parse: readonly (AddressJson & { readonly text: string; readonly canonical: string })[];
    readonly malformed: readonly string[];
    readonly compact: {
      readonly ipv4: string;
      readonly ipv6: string;
      readonly addresses4: readonly AddressJson[];
      readonly addresses6: readonly AddressJson[];
    };
    readonly canonicalPriority: readonly {
      readonly name: string;
      readonly a: AddressJson;
      readonly b: AddressJson;
      readonly priority: string;
    }[];
    readonly allowedFast: readonly {
      readonly infoHash: string;
      readonly host: string;
      readonly pieceCount: number;
      readonly count: number;
      readonly pieces: readonly number[];
    }[];
  };
  readonly digests: {
    readonly cases: readonly { readonly bytes: string; readonly sha1: string; readonly crc32c: string }[];
  };
  readonly bitfield: {
    readonly cases: readonly { readonly size: number; readonly bytes: string; readonly indices: readonly number[] }[];
    readonly malformed: readonly (NamedBytes & { readonly size: number })[];
  };
}

export const VECTOR_FILES = [
  'messages',
  'malformed',
  'handshake',
  'bencode',
  'metainfo',
  'magnet',
  'extensions',
  'addresses',
  'digests',
  'bitfield',
] as const satisfies readonly (keyof VectorFiles)[];
