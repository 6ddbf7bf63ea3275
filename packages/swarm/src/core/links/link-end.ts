import type { LinkEnd } from '../addresses/peer-book.js';
import type { Session } from '../session.js';

/** What else we have when a link ends. */
export interface Surroundings {
  readonly now: number;
  readonly linkCount: number;
  /** A node with fewer links dials in haste. */
  readonly fewLinks: number;
  /** Addresses that we know. */
  readonly knownCount: number;
}

/**
 * What the end of a link says about its address.
 *
 * Whoever leaves us in a healthy swarm has too many links, and so does a node that let us in, told us whom to turn to, and left: coming
 * back at once would only push out another.
 */
export function linkEndOf(session: Session, surroundings: Surroundings): LinkEnd {
  const { closeReason } = session;
  if (closeReason?.party === 'us' && closeReason.code === 'tooManyPeers') return 'crowded';
  if (wasSentOn(session, surroundings)) return 'crowded';
  const isUseful = session.downloadedBytes + session.uploadedBytes > 0;
  if (closeReason?.party === 'them' || !(isUseful || hasLasted(session, surroundings))) return 'useless';
  return wasLeft(session) && surroundings.linkCount >= surroundings.fewLinks ? 'crowded' : 'good';
}

/** Not so while we know few others: then it may be all that there is, and have started anew. */
function wasSentOn(session: Session, surroundings: Surroundings): boolean {
  const { linkCount, fewLinks, knownCount } = surroundings;
  if (!wasLeft(session) || !session.hasToldUs || hasLasted(session, surroundings)) return false;
  return linkCount > 0 && knownCount >= fewLinks;
}

function wasLeft({ closeReason }: Session): boolean {
  return closeReason?.party === 'transport';
}

/** Such a link was a good one, though nothing was exchanged. */
function hasLasted({ openedAt }: Session, { now }: Surroundings): boolean {
  return now - openedAt >= LASTING_MS;
}

const LASTING_MS = 30_000;
