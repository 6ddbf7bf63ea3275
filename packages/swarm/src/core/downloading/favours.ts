import type { BlockScheduler } from '../pieces/block-scheduler.js';
import type { Session } from '../session.js';

/** The peer lets us ask for a piece though it chokes us (BEP 6, allowed fast). Returns when to look whether we need it. */
export function rememberFavour(session: Session, piece: number): number | undefined {
  session.allowedByPeer ??= new Set();
  if (session.allowedByPeer.size >= MAX_ALLOWED_FAST) return undefined;
  session.allowedByPeer.add(piece);
  session.favoursFrom = session.openedAt + FAVOUR_AFTER_MS;
  return session.favoursFrom;
}

/**
 * Allowed-fast pieces are there to give a newcomer something to trade. Whoever has that leaves them: all peers of one network are
 * allowed the same ones, and a seeder would send each of them to everybody. So does who has only just come, for a first piece
 * from whoever is not full is on its way.
 */
export function mayAskWhileChoked(session: Session, scheduler: BlockScheduler, now: number): boolean {
  if (session.allowedByPeer === undefined || session.allowedByPeer.size === 0) return false;
  if (now < session.favoursFrom) return false;
  return scheduler.have.isEmpty && scheduler.openPieceCount === 0;
}

const FAVOUR_AFTER_MS = 3_000;
/** One piece of 64 KiB. */
export const MAX_BLOCKS_BY_FAVOUR = 4;
/** Allowed-fast pieces remembered of a peer. BEP 6 suggests sets of 10. */
const MAX_ALLOWED_FAST = 100;
