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
}

/** Four from one host are the field's (protocol.md, D2 row 10); 256 in all, for crowds. */
export const DEFAULT_HANDSHAKE_GATE_OPTIONS: HandshakeGateOptions = Object.freeze({
  maxPending: 256,
  maxPendingPerHost: 4,
  maxPendingPerSharedHost: 64,
  isSharedHost: (host: string) => host === '127.0.0.1' || host === '::1',
});

export type GateOutcome = 'admitted' | 'tooMany' | 'tooManyFromHost';

/**
 * Holds back who opens connections and says nothing (slowloris). How long each may wait is for the caller to say.
 *
 * The key of a connection is chosen by the caller: any number used once.
 */
export class HandshakeGate {
  readonly #options: HandshakeGateOptions;
  /** Whose handshake is awaited, and from which host. */
  readonly #pending = new Map<SessionId, string>();
  readonly #countByHost = new Map<string, number>();

  constructor(options: Partial<HandshakeGateOptions> = {}) {
    this.#options = { ...DEFAULT_HANDSHAKE_GATE_OPTIONS, ...options };
  }

  /** Asks whether a new connection may wait for its handshake; if `admitted`, `leave` ends the wait. */
  enter(key: SessionId, host: string): GateOutcome {
    const { maxPending, maxPendingPerHost, maxPendingPerSharedHost, isSharedHost } = this.#options;
    if (this.#pending.size >= maxPending) return 'tooMany';
    const fromHost = this.#countByHost.get(host) ?? 0;
    if (fromHost >= (isSharedHost(host) ? maxPendingPerSharedHost : maxPendingPerHost)) return 'tooManyFromHost';
    this.#pending.set(key, host);
    this.#countByHost.set(host, fromHost + 1);
    return 'admitted';
  }

  /** The handshake is complete, or the connection is gone. */
  leave(key: SessionId): void {
    const host = this.#pending.get(key);
    if (host === undefined) return;
    this.#pending.delete(key);
    const left = (this.#countByHost.get(host) ?? 1) - 1;
    if (left === 0) this.#countByHost.delete(host);
    else this.#countByHost.set(host, left);
  }
}
