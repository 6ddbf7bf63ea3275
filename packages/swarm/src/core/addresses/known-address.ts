import { PEX_FLAGS, type PeerAddress } from '@p2p/wire';

/** Who told us of an address. */
export type AddressSource =
  /** A person, by a command or a link. */
  | { readonly kind: 'told' }
  /** Our own memory of an earlier run. */
  | { readonly kind: 'cache' }
  /** Another peer, by peer exchange; the flags are BEP 11's. */
  | { readonly kind: 'pex'; readonly from: PeerAddress; readonly flags: number }
  /** The peer itself, when it dialled us. */
  | { readonly kind: 'incoming' };

/** An address and what became of it. */
export interface KnownAddress {
  readonly address: PeerAddress;
  readonly key: string;
  source: AddressSource;
  /** The key of the source if it is a peer. */
  sourceKey: string | undefined;
  /** A second source named it too. */
  isConfirmed: boolean;
  /** When it last had everything, or was said to. */
  seenAsSeedAt: number | undefined;
  /** A dial of ours succeeded once: it is "tried". */
  isReachable: boolean;
  /** Dials that failed and connections that were of no use, since the last that was. */
  failures: number;
  /** When we last had a good link to it. */
  goodAt: number | undefined;
  /** One of those we were linked to longest in an earlier run: dialled before others. */
  isAnchor: boolean;
  /** Its bucket in `NewAddresses`, while it is there. */
  bucket: string | undefined;
  /** The last dials, oldest first; no more than matter for their pace. */
  dialedAt: readonly number[];
  /** BEP 40; 0 while our own address is unknown. */
  priority: number;
  /** Drawn once, so that equals are tried in an order of our own. */
  readonly salt: number;
  state: AddressState;
}

export type AddressState =
  /** May be dialled. */
  | { readonly kind: 'ready' }
  /** Backs off. */
  | { readonly kind: 'waiting'; readonly retryAt: number }
  | { readonly kind: 'dialing' }
  | { readonly kind: 'connected'; readonly since: number };

export const READY: AddressState = { kind: 'ready' };
/** Shared by all addresses that were never dialled: a full book has a thousand of them. */
export const NEVER_DIALED: readonly number[] = [];

/** An address of which nothing is known yet but who told us. */
export function newlyKnown(
  told: Pick<KnownAddress, 'address' | 'key' | 'source' | 'sourceKey' | 'priority' | 'salt'>,
  now: number,
): KnownAddress {
  // Field by field: a spread makes an object that is half as large again and slower to read, and a book has a thousand of them.
  return {
    address: told.address,
    key: told.key,
    source: told.source,
    sourceKey: told.sourceKey,
    isConfirmed: false,
    seenAsSeedAt: saysSeed(told.source) ? now : undefined,
    isReachable: false,
    failures: 0,
    goodAt: undefined,
    isAnchor: false,
    bucket: undefined,
    dialedAt: NEVER_DIALED,
    priority: told.priority,
    salt: told.salt,
    state: READY,
  };
}

/** BEP 11's flags say that the peer has everything. */
export function saysSeed(source: AddressSource): boolean {
  return source.kind === 'pex' && (source.flags & PEX_FLAGS.uploadOnly) !== 0;
}

/**
 * The order in which addresses are dialled: negative if `a` comes first, never 0 for two different ones.
 *
 * Told ones; anchors; then those whose source does not hold too many of our links already; those never tried; those that two
 * sources know; those that failed least; those that BEP 40 wants us linked to; then by lot.
 *
 * @param isOverShare its source has more than its share of our links already (protocol.md, D2 row 15)
 */
export function compareForDial(
  a: KnownAddress,
  b: KnownAddress,
  isOverShare: (known: KnownAddress) => boolean,
): number {
  return (
    rank(a.source.kind === 'told', b.source.kind === 'told') ||
    rank(a.isAnchor, b.isAnchor) ||
    rank(!isOverShare(a), !isOverShare(b)) ||
    rank(a.dialedAt.length === 0, b.dialedAt.length === 0) ||
    rank(isTrusted(a), isTrusted(b)) ||
    a.failures - b.failures ||
    b.priority - a.priority ||
    a.salt - b.salt ||
    (a.key < b.key ? -1 : 1)
  );
}

/** It has everything, as far as we know: of no use to us once we have everything too. */
export function isSeed({ seenAsSeedAt }: KnownAddress, now: number): boolean {
  return seenAsSeedAt !== undefined && now - seenAsSeedAt < SEED_MEMORY_MS;
}

/** Somebody besides one peer vouches for it: a person, our memory, itself, or a second peer. */
export function isTrusted(known: KnownAddress): boolean {
  return known.isConfirmed || known.source.kind !== 'pex';
}

/** The order in which addresses are worth remembering across restarts. */
export function compareForMemory(a: KnownAddress, b: KnownAddress): number {
  return (
    rank(a.state.kind === 'connected', b.state.kind === 'connected') ||
    rank(a.isReachable, b.isReachable) ||
    connectedSince(a) - connectedSince(b) ||
    (b.goodAt ?? -1) - (a.goodAt ?? -1) ||
    a.failures - b.failures ||
    (a.key < b.key ? -1 : 1)
  );
}

function connectedSince(known: KnownAddress): number {
  return known.state.kind === 'connected' ? known.state.since : 0;
}

function rank(a: boolean, b: boolean): number {
  return Number(b) - Number(a);
}

/** A seed may lose its disk and come back with nothing: after so long it is worth to look again. */
const SEED_MEMORY_MS = 10 * 60 * 1_000;
