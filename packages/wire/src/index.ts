export {
  BLOCK_BYTES,
  EXTENDED_HANDSHAKE_ID,
  EXTENSION_NAMES,
  HANDSHAKE_BYTES,
  MAX_BITFIELD_FRAME_BYTES,
  MAX_EXTENDED_FRAME_BYTES,
  MAX_FRAME_BYTES,
  MAX_METADATA_BYTES,
  MAX_PATH_DEPTH,
  MAX_PIECE_BYTES,
  MAX_PIECE_COUNT,
  MAX_PIECE_FRAME_BYTES,
  MAX_TORRENT_BYTES,
  MAX_UNKNOWN_FRAME_BYTES,
  MESSAGE_IDS,
  PEER_ID_BYTES,
  PIECE_HEADER_BYTES,
  SHA1_BYTES,
} from './constants.js';
export { sameBytes } from './same-bytes.js';
export type { Message } from './message.js';
export { encodeMessage, encodeMessageInto, encodePieceHeaderInto, messageBytes } from './encode-message.js';
export { decodeMessage } from './decode-message.js';
export { FrameDecoder, type FrameLimits } from './frame-decoder.js';
export { decodeHandshake, encodeHandshake, HandshakeDecoder, type Handshake } from './handshake.js';
export { decodeBencode, decodeBencodePrefix, rawDictionaryValue } from './bencode.js';
export type { BencodeDictionary, BencodeLimits, BencodeValue } from './bencode-value.js';
export { encodeBencode, type BencodeInput } from './encode-bencode.js';
export { decodeInfo, decodeMetainfo, type FileEntry, type Metainfo, type MetainfoFile } from './metainfo.js';
export {
  defaultPieceLength,
  encodeInfo,
  encodeMetainfo,
  type InfoFields,
  type InfoFile,
  type MetainfoExtra,
} from './encode-metainfo.js';
export { formatMagnet, MAX_MAGNET_LENGTH, MAX_MAGNET_PEERS, parseMagnet, type Magnet } from './magnet.js';
export {
  decodeCompactPeers4,
  decodeCompactPeers6,
  encodeCompactPeers,
  formatPeerAddress,
  parsePeerAddress,
  samePeerAddress,
  type PeerAddress,
} from './peer-address.js';
export { hostBytes, hostFromBytes } from './host.js';
export { canonicalPriority } from './canonical-priority.js';
export { createPeerId, describeClient } from './peer-id.js';
export { Bitfield } from './bitfield.js';
export { PieceLayout, type BlockRef, type PieceIndex } from './piece-layout.js';
export {
  decodeExtendedHandshake,
  encodeExtendedHandshake,
  type ExtendedHandshake,
} from './extensions/extended-handshake.js';
export { decodeUtMetadata, encodeUtMetadata, type UtMetadata } from './extensions/ut-metadata.js';
export { decodeUtPex, encodeUtPex, MAX_PEX_ADDRESSES, type UtPex } from './extensions/ut-pex.js';
export { PEX_FLAGS, type PexPeer } from './extensions/pex-peers.js';
export {
  decodeGossip,
  encodeGossip,
  MAX_GOSSIP_LINKS,
  MAX_GOSSIP_PEERS,
  type GossipMessage,
} from './extensions/gossip.js';
export { decodeLtDontHave, encodeLtDontHave } from './extensions/lt-donthave.js';
export { decodeOffer, encodeOffer, MAX_OFFER_MS, MAX_OFFERED_BLOCKS, type Offer } from './extensions/offer.js';
export { decodeSoon, encodeSoon } from './extensions/soon.js';
export {
  CATALOG_INFO_HASH,
  decodeCatalog,
  encodeCatalog,
  MAX_CATALOG_ENTRIES,
  MAX_CATALOG_NAME_BYTES,
  MAX_CATALOG_PAGE_ENTRIES,
  type CatalogEntry,
  type CatalogMessage,
} from './extensions/catalog.js';
export { allowedFastSet, type AllowedFastInput } from './allowed-fast.js';
export { crc32c } from './crc32c.js';
export { sha1 } from './sha1.js';
export { fromHex, toHex } from './hex.js';
export { printable } from './printable.js';
export { WireError, type WireErrorCode } from './wire-error.js';
