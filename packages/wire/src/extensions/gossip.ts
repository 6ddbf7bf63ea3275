import { encodeBencode } from '../encode-bencode.js';
import { FieldReader } from '../field-reader.js';
import { decodeExtensionDictionary } from './extension-dictionary.js';
import { encodePexPeers, readPexPeers, type PexPeer } from './pex-peers.js';

/** A message of `p2p_gossip`: some of whom the sender has met, and how well it is connected. */
export interface GossipMessage {
  /** An `ask` wants an `answer`. */
  readonly type: 'ask' | 'answer';
  /** How many links the sender has in this swarm. */
  readonly linkCount: number;
  /** At most `MAX_GOSSIP_PEERS`. */
  readonly peers: readonly PexPeer[];
}

/** Most peers of one `p2p_gossip` message, both address families together: as many as BEP 11 lets a peer add at a time. */
export const MAX_GOSSIP_PEERS = 50;

/** Most links that a peer may say it has. */
export const MAX_GOSSIP_LINKS = 65_535;

const MSG_TYPES = { ask: 0, answer: 1 } as const;
/** Fifty IPv6 addresses with flags take 950 bytes; the rest is room for keys of later versions. */
const LIMITS = { maxDepth: 10, maxTokens: 100, maxBytes: 4_096 };

/**
 * The payload of a `p2p_gossip` message (after the extension id). Addresses whose host is a name are left out.
 *
 * @throws {RangeError} if there are more than `MAX_GOSSIP_PEERS`, or a number, a port or a flag byte is out of range
 * @see PROTOCOL.md, "p2p_gossip"
 */
export function encodeGossip({ type, linkCount, peers }: GossipMessage): Uint8Array {
  if (!Number.isInteger(linkCount) || linkCount < 0 || linkCount > MAX_GOSSIP_LINKS) {
    throw new RangeError(`linkCount: expected an integer from 0 to ${MAX_GOSSIP_LINKS}, got ${linkCount}`);
  }
  if (peers.length > MAX_GOSSIP_PEERS) {
    throw new RangeError(`peers.length: expected at most ${MAX_GOSSIP_PEERS}, got ${peers.length}`);
  }
  return encodeBencode({ links: linkCount, msg_type: MSG_TYPES[type], ...encodePexPeers('peers', peers) });
}

/**
 * Decodes the payload of a `p2p_gossip` message: IPv4 first, then IPv6. Nothing here is to be trusted.
 *
 * @throws {WireError} `bad-bencode` or `bad-extension` if it is not as `PROTOCOL.md` says
 */
export function decodeGossip(payload: Uint8Array): GossipMessage {
  const { dictionary } = decodeExtensionDictionary(payload, LIMITS);
  const fields = new FieldReader(dictionary, 'bad-extension', 'p2p_gossip');
  const msgType = fields.required('msg_type', fields.integer('msg_type', 0, MSG_TYPES.answer));
  const linkCount = fields.required('links', fields.integer('links', 0, MAX_GOSSIP_LINKS));
  const peers = readPexPeers(fields, 'peers', MAX_GOSSIP_PEERS + 1);
  if (peers.length > MAX_GOSSIP_PEERS) {
    throw fields.error(`"peers" and "peers6": expected at most ${MAX_GOSSIP_PEERS} together, found more`);
  }
  return { type: msgType === MSG_TYPES.ask ? 'ask' : 'answer', linkCount, peers };
}
