/** Bytes of the handshake that opens every connection (BEP 3). */
export const HANDSHAKE_BYTES = 68;

/** Bytes of an info-hash, of a SHA-1 digest and of a peer id (BEP 3). */
export const SHA1_BYTES = 20;

/** Bytes of a peer id (BEP 3). */
export const PEER_ID_BYTES = 20;

/** Bytes of a request: 16 KiB, the only size no client refuses (BEP 3; libtorrent rejects anything larger). */
export const BLOCK_BYTES = 16_384;

/** Bytes before the data of a piece message: prefix, id, piece, begin (BEP 3). */
export const PIECE_HEADER_BYTES = 13;

/** Most pieces of one torrent: 2^21, as in libtorrent (`max_pieces` 0x200000). Bounds every bitfield at 256 KiB. */
export const MAX_PIECE_COUNT = 2_097_152;

/** Longest piece, 64 MiB: a piece is assembled in memory, so its length is a bound on memory. */
export const MAX_PIECE_BYTES = 64 * 1024 * 1024;

/** Largest info dictionary, 16 MiB (14.1 MB was seen in the wild; anacrolix/torrent has the same bound). */
export const MAX_METADATA_BYTES = 16 * 1024 * 1024;

/** Largest `.torrent` file, 32 MiB: the largest info dictionary and as much again around it. */
export const MAX_TORRENT_BYTES = 32 * 1024 * 1024;

/** Most integers, strings, keys, lists and dictionaries of one bencoded value: each costs far more memory than its bytes. */
export const MAX_BENCODE_TOKENS = 2_000_000;

/**
 * Longest key of a bencoded dictionary. Keys become text and are looked up, which costs more than a string left where it is;
 * the longest keys in use are names of files (BEP 52, "file tree"), which have at most 255 bytes.
 */
export const MAX_KEY_BYTES = 1_024;

/** Deepest path inside a torrent, counted in elements. */
export const MAX_PATH_DEPTH = 100;

/** Longest frame of any kind, id and payload, without the prefix: 1 MiB, where libtorrent closes too. */
export const MAX_FRAME_BYTES = 1_048_576;

/** Longest piece frame: id, piece, begin and one block. */
export const MAX_PIECE_FRAME_BYTES = 9 + BLOCK_BYTES;

/** Longest bitfield frame while the piece count is unknown: id and one bit for each of `MAX_PIECE_COUNT` pieces. */
export const MAX_BITFIELD_FRAME_BYTES = 1 + MAX_PIECE_COUNT / 8;

/** Longest extended frame, 512 KiB: libtorrent closes on a longer `ut_pex` message, the largest one in use. */
export const MAX_EXTENDED_FRAME_BYTES = 524_288;

/** Longest frame with an id we do not know, 64 KiB. It is skipped, so there is no reason to hold more. */
export const MAX_UNKNOWN_FRAME_BYTES = 65_536;

/** The id byte of every message that has one (BEP 3, 5, 6, 10). */
export const MESSAGE_IDS = {
  choke: 0,
  unchoke: 1,
  interested: 2,
  notInterested: 3,
  have: 4,
  bitfield: 5,
  request: 6,
  piece: 7,
  cancel: 8,
  port: 9,
  suggest: 13,
  haveAll: 14,
  haveNone: 15,
  reject: 16,
  allowedFast: 17,
  extended: 20,
} as const;

/** The extension id of the extended handshake itself (BEP 10). */
export const EXTENDED_HANDSHAKE_ID = 0;

/** Names under which extensions are announced in the key `m` of the extended handshake (BEP 9, 11, 54, `PROTOCOL.md`). */
export const EXTENSION_NAMES = {
  utMetadata: 'ut_metadata',
  utPex: 'ut_pex',
  ltDontHave: 'lt_donthave',
  catalog: 'p2p_catalog',
  gossip: 'p2p_gossip',
  offer: 'p2p_offer',
  soon: 'p2p_soon',
} as const;
