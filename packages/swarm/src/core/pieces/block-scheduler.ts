import { type Bitfield, BLOCK_BYTES, type BlockRef, type PieceIndex, type PieceLayout } from '@p2p/wire';

import { assert } from '../assert.js';
import { Availability } from './availability.js';
import type { BlockOutcome } from './block-outcome.js';
import { bytesOfPieces } from './bytes-of-pieces.js';
import type { BlockSchedulerOptions } from './block-scheduler-options.js';
import { isEverythingAsked, requestDuplicate } from './endgame.js';
import type { SessionId } from '../input.js';
import { PeerInterest } from './peer-interest.js';
import { NOBODY, type PieceAssembly } from './piece-assembly.js';
import { PieceBlame } from './piece-blame.js';
import { PiecePicker } from './piece-picker.js';
import { PieceStates } from './piece-states.js';
import type { PickHints } from './pick-hints.js';
import type { Random } from '../random.js';
import { canGive, mayFinishAlone, type SchedulerPeer } from './scheduler-peer.js';
import { SuggestedPieces } from './suggested-pieces.js';
import { WorkSearch } from './work-search.js';

/**
 * What to ask of whom.
 *
 * A piece is missing, open, committing or stored (`PieceStates`). Open and committing pieces together are bounded in bytes; a peer with nothing going may always begin one piece.
 * What a peer gets to do, `WorkSearch` finds; when every wanted block is asked of somebody, a second copy of one (endgame).
 */
export class BlockScheduler {
  /** Pieces that are verified and stored. Read only. */
  readonly have: Bitfield;
  readonly #layout: PieceLayout;
  readonly #availability: Availability;
  readonly #picker: PiecePicker;
  readonly #pieces: PieceStates;
  readonly #blame = new PieceBlame();
  readonly #peers = new Map<SessionId, SchedulerPeer>();
  readonly #work: WorkSearch;
  #takenBack: TakenBack[] = [];

  /** @param have the pieces that are stored; the scheduler takes it over */
  constructor(layout: PieceLayout, have: Bitfield, random: Random, options: BlockSchedulerOptions) {
    if (have.size !== layout.pieceCount) {
      throw new RangeError(`have: expected ${layout.pieceCount} pieces, as in the layout, got ${have.size}`);
    }
    this.have = have;
    this.#layout = layout;
    this.#availability = new Availability(have, random);
    this.#pieces = new PieceStates(layout, have, this.#availability);
    this.#picker = new PiecePicker(this.#availability, random);
    this.#work = new WorkSearch({
      have,
      layout,
      options,
      availability: this.#availability,
      picker: this.#picker,
      pieces: this.#pieces,
      blame: this.#blame,
      peers: this.#peers,
      own: (assembly, peer) => {
        this.#own(assembly, peer);
      },
      dispossess: (assembly) => {
        this.#dispossess(assembly);
      },
    });
  }

  /** Of every piece but the last one. */
  get blocksOfPiece(): number {
    return Math.ceil(this.#layout.pieceLength / BLOCK_BYTES);
  }

  get isComplete(): boolean {
    return this.have.isFull;
  }

  /** Pieces that are not stored. */
  get missingCount(): number {
    return this.have.size - this.have.count;
  }

  /** Bytes of the stored pieces. */
  get haveBytes(): number {
    return bytesOfPieces(this.#layout, this.have);
  }
  /** Peers known to have the piece, without the seeds. */
  copiesAmongLeechers(piece: PieceIndex): number {
    return this.#availability.copiesAmongLeechers(piece);
  }

  get openPieceCount(): number {
    return this.#pieces.openCount;
  }

  /** Bytes of the pieces that are begun and not stored. */
  get unverifiedBytes(): number {
    return this.#pieces.unverifiedBytes;
  }

  /** Every block that anybody here can give is asked of somebody. */
  get isEndgame(): boolean {
    return !this.isComplete && isEverythingAsked(this.#pieces, this.#availability);
  }

  /**
   * A peer said what it has.
   *
   * @param pieces the session's own set: the session changes it, then tells by `peerHas` and `peerLost`
   * @param options `key` names the peer beyond the session, so that blame outlasts a reconnect: its address, say
   */
  addPeer(session: SessionId, pieces: Bitfield, options: { readonly key?: string } = {}): void {
    assert(!this.#peers.has(session), 'a session is added once');
    const peer: SchedulerPeer = {
      session,
      key: options.key ?? `session ${session}`,
      interest: new PeerInterest(pieces, this.have, this.#availability),
      isSeed: pieces.isFull,
      isFast: false,
      isSnubbed: false,
      requestCount: 0,
      isBusy: false,
      room: 0,
      suggested: undefined,
      filling: undefined,
    };
    this.#peers.set(session, peer);
    if (peer.isSeed) this.#availability.addSeed();
    else this.#availability.addPeer(pieces);
  }

  /** The peer would rather give this piece than others (BEP 6, suggest). */
  peerSuggests(session: SessionId, piece: PieceIndex): void {
    const peer = this.#peer(session);
    (peer.suggested ??= new SuggestedPieces()).add(piece);
  }

  /** The peer got a piece; its set has it already. Once per piece. */
  peerHas(session: SessionId, piece: PieceIndex): void {
    const peer = this.#peer(session);
    this.#availability.addCopy(piece);
    peer.interest.peerGot(piece);
    if (!peer.interest.pieces.isFull) return;
    peer.isSeed = true;
    this.#availability.becameSeed();
  }

  /** The peer lost a piece (BEP 54); its set lacks it already. What it was asked for of the piece stays asked. */
  peerLost(session: SessionId, piece: PieceIndex): void {
    const peer = this.#peer(session);
    if (peer.isSeed) this.#availability.ceasedToBeSeed();
    peer.isSeed = false;
    this.#availability.removeCopy(piece);
    peer.interest.peerLost(piece);
    if (peer.filling?.piece === piece) this.#disown(peer.filling);
  }

  /** The peer left; what it was asked for is free again. */
  removePeer(session: SessionId): void {
    const peer = this.#peer(session);
    this.releaseAll(session);
    if (peer.isSeed) this.#availability.removeSeed();
    else this.#availability.removePeer(peer.interest.pieces);
    this.#peers.delete(session);
  }

  /** Whether the peer has a piece that we have not stored. O(1). */
  isInteresting(session: SessionId): boolean {
    return this.#peer(session).interest.lackedCount > 0;
  }

  /** Up to `count` blocks to ask of the peer now; they count as asked. */
  pick(session: SessionId, count: number, hints: PickHints): BlockRef[] {
    const peer = this.#peer(session);
    const blocks: BlockRef[] = [];
    peer.isFast = hints.isFast;
    peer.isSnubbed = hints.isSnubbed;
    if (peer.interest.lackedCount === 0) return blocks;
    while (blocks.length < count) {
      peer.isBusy = peer.requestCount + blocks.length > 0;
      peer.room = count - blocks.length;
      const assembly = this.#work.find(peer, hints);
      if (assembly === undefined) break;
      this.#takeBlocks(peer, assembly, count, blocks);
    }
    if (blocks.length === 0 && count > 0 && peer.requestCount === 0) this.#takeDuplicate(peer, hints, blocks);
    peer.requestCount += blocks.length;
    return blocks;
  }

  /** A block came that had been asked for, be it in time or late. */
  received(session: SessionId, piece: PieceIndex, begin: number): BlockOutcome {
    const peer = this.#peers.get(session);
    const isBlock = begin >= 0 && begin % BLOCK_BYTES === 0 && begin < this.#layout.pieceBytes(piece);
    if (peer === undefined || !isBlock) return { kind: 'unwanted' };
    if (this.#pieces.isComplete(piece)) return { kind: 'duplicate' };
    const blockIndex = this.#layout.blockIndex(begin);
    const open = this.#pieces.findOpen(piece);
    if (open?.isReceived(blockIndex) === true) return { kind: 'duplicate' };
    if (open === undefined) {
      // A late block of a piece that was given up since: it begins the piece again, if there is room.
      return this.#work.mayBegin(peer)
        ? this.#accept(peer, this.#work.begin(piece, peer), blockIndex)
        : { kind: 'unwanted' };
    }
    if (!open.isExclusive || mayFinishAlone(open, peer)) return this.#accept(peer, open, blockIndex);
    // It was answered, so it is asked of this peer no more: what is thrown away must be asked for again.
    this.#drop(open, session, blockIndex);
    return { kind: 'unwanted' };
  }

  /** The peer rejected a block, or did not send it in time: anybody may be asked for it. */
  release(session: SessionId, block: BlockRef): void {
    const assembly = this.#pieces.findOpen(block.piece);
    if (assembly !== undefined) this.#drop(assembly, session, this.#layout.blockIndex(block.begin));
  }

  /** The peer choked us and answers nothing (no BEP 6), or left: all it was asked for is free again. */
  releaseAll(session: SessionId): void {
    for (const assembly of [...this.#pieces.open]) {
      const dropped = assembly.dropAll(session).length;
      this.#countRequests(session, -dropped);
      if (assembly.owner === session) this.#disown(assembly);
      else if (dropped > 0) this.#settle(assembly);
    }
  }

  /** The peer choked us but will answer what it was asked for (BEP 6): others may fill the pieces that it has begun. */
  giveUpPieces(session: SessionId): void {
    for (const assembly of [...this.#pieces.owned]) if (assembly.owner === session) this.#disown(assembly);
  }

  /** Storage verified and stored a piece. Afterwards `isInteresting` may be false of peers that had it. */
  pieceStored(piece: PieceIndex): void {
    const assembly = this.#pieces.stored(piece);
    this.#blame.pieceStored(piece, assembly.contributors);
    for (const { interest } of this.#peers.values()) interest.pieceStored(piece);
  }

  /** A piece failed its hash: it is missing again. */
  pieceCorrupt(piece: PieceIndex): Verdict {
    const assembly = this.#pieces.failed(piece);
    this.#becameMissing(piece);
    const banKey = this.#blame.pieceCorrupt(piece, assembly.contributors);
    return { banKey, forgottenBytes: banKey === undefined ? 0 : this.#forgetBlocksOf(banKey) };
  }

  /** Storage could not store a piece: it is missing again, through nobody's fault. */
  pieceFailed(piece: PieceIndex): void {
    this.#pieces.failed(piece);
    this.#becameMissing(piece);
  }

  /** Pieces of which nothing is left of what had come, since the last call: storage need not keep room for them. */
  takeEmptied(): readonly PieceIndex[] {
    return this.#pieces.takeEmptied();
  }

  /** What others no longer count as asked of since the last call, for they were silent; it may still come from them, late. */
  takeTakenBack(): readonly TakenBack[] {
    const takenBack = this.#takenBack;
    if (takenBack.length > 0) this.#takenBack = [];
    return takenBack;
  }

  #peer(session: SessionId): SchedulerPeer {
    const peer = this.#peers.get(session);
    // Asked for every message: the text is made only when it is wanted.
    if (peer === undefined) assert(false, `session ${session} was added before it is named`);
    return peer;
  }

  #takeBlocks(peer: SchedulerPeer, assembly: PieceAssembly, count: number, blocks: BlockRef[]): void {
    const before = blocks.length;
    while (blocks.length < count) {
      const block = assembly.takeFree(peer.session);
      if (block === undefined) break;
      blocks.push(block);
    }
    assert(blocks.length > before, 'a piece that was found as work has a free block');
    if (assembly.freeCount === 0) this.#pieces.sort(assembly);
  }

  #takeDuplicate(peer: SchedulerPeer, hints: PickHints, blocks: BlockRef[]): void {
    if (!this.isEndgame || this.#blame.isOnParole(peer.key)) return;
    const block = requestDuplicate(this.#pieces.open, peer.session, {
      isSnubbed: hints.isSnubbed,
      mayShare: (assembly) => !assembly.isExclusive && canGive(peer, assembly.piece, hints),
      isAnswering: hints.isAnswering ?? NEVER,
    });
    if (block !== undefined) blocks.push(block);
  }

  #accept(peer: SchedulerPeer, assembly: PieceAssembly, blockIndex: number): BlockOutcome {
    const asked = assembly.receive(blockIndex, peer.key);
    this.#pieces.filled(assembly.piece);
    for (const session of asked) this.#countRequests(session, -1);
    if (assembly.isComplete) this.#pieces.commit(assembly);
    else if (asked.length === 0) this.#pieces.sort(assembly);
    const cancel = asked.length > 1 || asked[0] !== peer.session ? asked.filter((id) => id !== peer.session) : NOBODY;
    const isRestComing = assembly.isBeingFinishedBy(peer.session);
    return { kind: 'accepted', isPieceComplete: assembly.isComplete, isRestComing, cancel };
  }

  /** A request is over and brought nothing. */
  #drop(assembly: PieceAssembly, session: SessionId, blockIndex: number): void {
    if (!assembly.drop(session, blockIndex)) return;
    this.#countRequests(session, -1);
    if (assembly.owner !== session) {
      this.#settle(assembly);
      return;
    }
    assembly.failedOwner = session;
    this.#disown(assembly);
  }

  #own(assembly: PieceAssembly, peer: SchedulerPeer): void {
    const { filling } = peer;
    if (filling !== undefined && filling !== assembly && filling.freeCount > 0) this.#disown(filling);
    assembly.owner = peer.session;
    peer.filling = assembly;
    this.#pieces.sort(assembly);
  }

  #dispossess(assembly: PieceAssembly): void {
    const { owner } = assembly;
    if (owner === undefined) return;
    assembly.dispossessed = new Set([...assembly.dispossessed, owner]);
    const blocks = assembly.dropAll(owner);
    this.#countRequests(owner, -blocks.length);
    this.#takenBack.push({ session: owner, blocks });
    this.#leave(assembly);
  }

  #disown(assembly: PieceAssembly): void {
    this.#leave(assembly);
    this.#settle(assembly);
  }

  #leave(assembly: PieceAssembly): void {
    const owner = assembly.owner === undefined ? undefined : this.#peers.get(assembly.owner);
    if (owner?.filling === assembly) owner.filling = undefined;
    assembly.owner = undefined;
  }

  /** What a convict sent of pieces that are not complete would spoil them too. */
  #forgetBlocksOf(key: string): number {
    let forgottenBytes = 0;
    for (const assembly of [...this.#pieces.open]) {
      const bytes = assembly.forgetBlocksOf(key);
      if (bytes === 0) continue;
      forgottenBytes += bytes;
      if (assembly.receivedCount === 0) this.#pieces.emptied(assembly.piece);
      this.#settle(assembly);
    }
    return forgottenBytes;
  }

  /** After requests of an open piece were dropped, or blocks of it: a piece of which nothing is left is not worth its memory. */
  #settle(assembly: PieceAssembly): void {
    if (this.#isLeftByOwner(assembly)) assembly.owner = undefined;
    if (assembly.requestCount > 0 || assembly.receivedCount > 0 || assembly.owner !== undefined) {
      this.#pieces.sort(assembly);
      return;
    }
    this.#pieces.giveUp(assembly);
    this.#becameMissing(assembly.piece);
  }

  /** Its owner has gone on to another piece; an owner on parole would never come back, for it shares no owned piece. */
  #isLeftByOwner(assembly: PieceAssembly): boolean {
    const { owner, freeCount } = assembly;
    return owner !== undefined && freeCount > 0 && this.#peers.get(owner)?.filling !== assembly;
  }

  #becameMissing(piece: PieceIndex): void {
    this.#picker.included(piece);
    for (const { interest } of this.#peers.values()) interest.pieceMissing(piece);
  }

  #countRequests(session: SessionId, change: number): void {
    const peer = this.#peers.get(session);
    if (peer !== undefined) peer.requestCount += change;
  }
}

const NEVER = (): boolean => false;

/** Requests to one peer whose blocks another is asked for now. */
export interface TakenBack {
  readonly session: SessionId;
  readonly blocks: readonly BlockRef[];
}

/** What a corrupt piece leads to. */
export interface Verdict {
  /** The key of who must have spoilt it, if that is certain. */
  readonly banKey: string | undefined;
  /** What else a convict sent, of pieces that are not complete, and is thrown away. */
  readonly forgottenBytes: number;
}
