/** The two ends of a connection, seen from ours. */
export interface ConnectionEnds {
  readonly ourId: Uint8Array;
  readonly theirId: Uint8Array;
}

/** What decides between two connections whose peers told the same id. */
export interface RivalConnection {
  readonly isOutgoing: boolean;
  /** Where it leads; for those who dialled us where they came from. */
  readonly host: string;
}

/**
 * Which of two connections to one peer id stays (decision D9). Between the same two hosts, both ends come to the same answer
 * without a word:
 *
 * - one was dialled by us and one by them, because both dialled at once: the one dialled by the greater peer id stays;
 * - both were dialled by the same end: the older one stays, the second is somebody's mistake.
 *
 * libtorrent's rule, so that it agrees with us (src/bt_peer_connection.cpp, where a peer id is read: "the peer with
 * greatest peer-id is the one allowed to initiate connections").
 *
 * A peer id is no secret, so whoever comes from another host with it may be anybody: both stay, or one lie would end the link
 * to an honest peer, or keep it out. A peer with two addresses gets a second link in this way, as any other peer may; not so
 * if we dialled both, the addresses of one name, say.
 *
 * @param existing the connection whose handshake completed first
 * @param newcomer the one that has just told the same peer id
 */
export function survivor(
  ends: ConnectionEnds,
  existing: RivalConnection,
  newcomer: RivalConnection,
): 'existing' | 'newcomer' | 'both' {
  if (existing.isOutgoing && newcomer.isOutgoing) return 'existing';
  if (existing.host !== newcomer.host) return 'both';
  if (!existing.isOutgoing && !newcomer.isOutgoing) return 'existing';
  const isOursToDial = compareBytes(ends.ourId, ends.theirId) > 0;
  return newcomer.isOutgoing === isOursToDial ? 'newcomer' : 'existing';
}

/** We dialled ourselves: our own address came back by peer exchange. Remember it with `PeerBook.markSelf`. */
export function isSelfConnection(ends: ConnectionEnds): boolean {
  return compareBytes(ends.ourId, ends.theirId) === 0;
}

/** As numbers, most significant byte first. */
function compareBytes(a: Uint8Array, b: Uint8Array): number {
  for (const [index, byte] of a.entries()) {
    const difference = byte - (b[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}
