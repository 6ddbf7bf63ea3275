import { formatPeerAddress, type PeerAddress, type PexPeer, type UtPex } from '@p2p/wire';

import { hostScope, isDialable } from '../addresses/address-rules.js';

/** What is believed of a peer exchange message. */
export interface PexReport {
  readonly kind: 'accepted';
  readonly peers: readonly PexPeer[];
  /** To be forgotten if nobody else named them (`PeerBook.withdraw`). */
  readonly dropped: readonly PeerAddress[];
}

/**
 * Reads a peer exchange message as one that may be a lie (protocol.md, C8): at most 50 of each list, 100 of the first
 * message, only addresses that may be dialled on the sender's word, none twice, and one port of a public host.
 *
 * @param from where the message came from: what is near to us is believed only of who is near too
 */
export function readPex(
  message: UtPex,
  from: PeerAddress,
  { isFirst }: { readonly isFirst: boolean } = { isFirst: false },
): PexReport {
  const peers = believablePeers(message.added.slice(0, isFirst ? MAX_FIRST_INTAKE : MAX_PEX_INTAKE), from);
  return { kind: 'accepted', peers, dropped: message.dropped.slice(0, MAX_PEX_INTAKE) };
}

/** Those of a list that may be dialled on the sender's word. */
export function believablePeers(told: readonly PexPeer[], from: PeerAddress): PexPeer[] {
  const seen = new Set<string>();
  const peers: PexPeer[] = [];
  for (const peer of told) {
    // Several ports of one host are one party, or a host that is to be knocked down; near us, they are neighbours.
    const isFar = hostScope(peer.address.host) === 'public';
    const key = isFar ? peer.address.host : formatPeerAddress(peer.address);
    if (seen.has(key) || !isDialable(peer.address, { from })) continue;
    seen.add(key);
    peers.push(peer);
  }
  return peers;
}

/** BEP 11: after its first message a peer tells at most 50. */
const MAX_PEX_INTAKE = 50;
/** What libtorrent sends, and we. */
const MAX_FIRST_INTAKE = 100;
