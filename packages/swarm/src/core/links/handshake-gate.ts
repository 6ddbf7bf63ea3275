import type { SessionId } from '../input.js';

/** Bounds on those who dialled us and have not said who they are. */
export interface HandshakeGateOptions {
  /** All of them together. */
  readonly maxPending: number;
  /** From one host. */
  readonly maxPendingPerHost: number;
  /** From a host that `isSharedHost` names. */
  readonly maxPendingPerSharedHost: number;
  /** Hosts where many nodes are expected: this machine. */
  readonly isSharedHost: (host: string) => boolean;
  /** From accepting to the end of the handshake, in total: a byte a minute buys nothing. */
  readonly timeoutMs: number;
}

/** Four from one host, and ten seconds in total, are the field's (protocol.md, D2 row 10); 256 in all, for crowds. */
export const DEFAULT_HANDSHAKE_GATE_OPTIONS: HandshakeGateOptions = Object.freeze({
  maxPending: 256,
  maxPendingPerHost: 4,
  maxPendingPerSharedHost: 64,
  isSharedHost: (host: string) => host === '127.0.0.1' || host === '::1',
  timeoutMs: 10_000,
});

export type GateOutcome = 'admitted' | 'tooMany' | 'tooManyFromHost';

/**
 * Holds back who opens connections and says nothing (slowloris).
 *
 * The key of a connection is chosen by the caller: any number used once.
 */
export class HandshakeGate {
  readonly #options: HandshakeGateOptions;
  /** In order of arrival, hence of deadline. */
  readonly #pending = new Map<SessionId, { readonly host: string; readonly deadline: number }>();
  readonly #countByHost = new Map<string, number>();

  constructor(options: Partial<HandshakeGateOptions> = {}) {
    this.#options = { ...DEFAULT_HANDSHAKE_GATE_OPTIONS, ...options };
  }

  /** Connections whose handshake is awaited. */
  get pendingCount(): number {
    return this.#pending.size;
  }

  /** Asks whether a new connection may wait for its handshake; if `admitted`, `leave` or `takeExpired` ends the wait. */
  enter(key: SessionId, host: string, now: number): GateOutcome {
    const { maxPending, maxPendingPerHost, maxPendingPerSharedHost, isSharedHost, timeoutMs } = this.#options;
    if (this.#pending.size >= maxPending) return 'tooMany';
    const fromHost = this.#countByHost.get(host) ?? 0;
    if (fromHost >= (isSharedHost(host) ? maxPendingPerSharedHost : maxPendingPerHost)) return 'tooManyFromHost';
    this.#pending.set(key, { host, deadline: now + timeoutMs });
    this.#countByHost.set(host, fromHost + 1);
    return 'admitted';
  }

  /** The handshake is complete, or the connection is gone. */
  leave(key: SessionId): void {
    const entry = this.#pending.get(key);
    if (entry === undefined) return;
    this.#pending.delete(key);
    const left = (this.#countByHost.get(entry.host) ?? 1) - 1;
    if (left === 0) this.#countByHost.delete(entry.host);
    else this.#countByHost.set(entry.host, left);
  }

  /** Takes one connection whose time is over: close it. Call until undefined. */
  takeExpired(now: number): SessionId | undefined {
    for (const [key, { deadline }] of this.#pending) {
      if (deadline > now) return undefined;
      this.leave(key);
      return key;
    }
    return undefined;
  }

  nextDeadline(): number | undefined {
    for (const { deadline } of this.#pending.values()) return deadline;
    return undefined;
  }
}
