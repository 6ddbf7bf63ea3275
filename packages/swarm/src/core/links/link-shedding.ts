import type { Session } from '../session.js';

/** Who is asked to go when there are too many links. */
export interface SheddingContext {
  readonly now: number;
  /** BEP 40's priority of the peer; both ends compute the same. */
  readonly priorityOf: (session: Session) => number;
  /** Links kept for peers younger than a minute: the newest of them stay. */
  readonly reservedForYoung: number;
  /** A peer with so many links will not miss ours. */
  readonly enoughLinks: number;
  /** A peer with fewer links than this is not asked to go unless it must be. */
  readonly fewLinks: number;
  /** Somebody must go: as a last resort one that has few links, or is exchanging blocks with us. */
  readonly isForced: boolean;
}

/**
 * The link that is given up when a full node takes in a newcomer, and when there are more than are good: of the well
 * connected peers the one that BEP 40 ranks lowest. A newcomer stays until it has been told whom it may turn to, and then until
 * it is well connected itself, or until as many others came after it as places are reserved (simulation.md, C.5 row 2).
 * When hundreds come at once, those who find no place come again; let in and sent away untold, they would know nobody still.
 *
 * @returns undefined if nobody may be asked to go
 */
export function linkToShed(sessions: Iterable<Session>, context: SheddingContext): Session | undefined {
  const open = [...sessions].filter((session) => session.isOpen);
  const young = open.filter((session) => context.now - session.openedAt < YOUTH_MS);
  if (young.length > context.reservedForYoung) young.sort((a, b) => b.openedAt - a.openedAt || b.id - a.id);
  const kept = new Set(young.slice(0, context.reservedForYoung));
  const candidates = open.filter((session) => !kept.has(session) && !isYetToBeTold(session, context.now));
  const willing = candidates.filter((session) => !isBusy(session) && linksOf(session) >= context.fewLinks);
  // At least half of our links should be of our own choice (protocol.md, D2 row 15).
  const dialled = open.filter((session) => session.isOutgoing).length;
  const theirs = willing.filter((session) => !session.isOutgoing);
  const preferred = dialled * 2 <= open.length && theirs.length > 0 ? theirs : willing;
  return best(preferred, context) ?? (context.isForced ? best(candidates, context) : undefined);
}

/** Idle ones first, then the well connected, then those of the lowest priority, then those with the most links. */
function best(candidates: readonly Session[], context: SheddingContext): Session | undefined {
  let first: Session | undefined;
  for (const session of candidates) if (first === undefined || compare(session, first, context) < 0) first = session;
  return first;
}

function compare(a: Session, b: Session, { priorityOf, enoughLinks }: SheddingContext): number {
  return (
    Number(isBusy(a)) - Number(isBusy(b)) ||
    Number(linksOf(b) >= enoughLinks) - Number(linksOf(a) >= enoughLinks) ||
    priorityOf(a) - priorityOf(b) ||
    linksOf(b) - linksOf(a) ||
    a.id - b.id
  );
}

/** Blocks go one way or the other, or may in a moment. Who takes turns is choked all the while, and is served when it asks. */
function isBusy(session: Session): boolean {
  const isUnchoked = (session.amInterested && !session.isChokingUs) || (session.isInterested && !session.amChoking);
  const isServed = session.uploads.length > 0 || session.unflushedBlockBytes > 0;
  return isUnchoked || isServed || session.window.outstandingCount > 0;
}

/** It takes a few round trips, and room on our line, before a newcomer hears of anybody. */
function isYetToBeTold({ hasBeenTold, openedAt }: Session, now: number): boolean {
  return !hasBeenTold && now - openedAt < TELLING_MS;
}

function linksOf(session: Session): number {
  return session.toldLinkCount ?? 0;
}

const YOUTH_MS = 60_000;
/** Who knows no peer exchange, or is alone with us, is told nothing. */
const TELLING_MS = 5_000;
