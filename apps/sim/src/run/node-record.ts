import type { NodeEvent, NodeTotals } from './node-event.js';
import type { NodePlan } from './node-plan.js';
import type { ProcessUsage } from './process-usage.js';

/** Where a node stands. Seconds are those of the run's clock. */
export type NodePhase =
  | { readonly kind: 'starting' }
  | { readonly kind: 'running'; readonly address: string; readonly startedAt: number }
  | {
      readonly kind: 'complete';
      readonly address: string;
      /** From the moment it listened to the moment it said `complete`: the start of Node itself is left out. */
      readonly seconds: number;
      /** What the node believes; verified later. */
      readonly sha1: string | undefined;
    }
  | { readonly kind: 'failed'; readonly reason: string };

/** What a run knows about one of its nodes, from the node's own events. Holds no process and reads no clock. */
export class NodeRecord {
  readonly plan: NodePlan;
  phase: NodePhase = { kind: 'starting' };
  isSharing = false;
  pieceCount: number | undefined;
  haveBytes = 0;
  downBytesPerSecond = 0;
  upBytesPerSecond = 0;
  peerCount = 0;
  totals: NodeTotals = { uploaded: undefined, downloaded: undefined, wasted: undefined, corrupt: undefined };
  usage: ProcessUsage | undefined;

  constructor(plan: NodePlan) {
    this.plan = plan;
  }

  /** HOST:PORT once the node listens. */
  get address(): string | undefined {
    return 'address' in this.phase ? this.phase.address : undefined;
  }

  /** @returns whether the event shows that the run moves on (and not only that the node is alive) */
  handleEvent(event: NodeEvent, nowSeconds: number): boolean {
    switch (event.event) {
      case 'listening':
        return this.#handleListening(event.host, event.port, nowSeconds);
      case 'sharing':
        this.isSharing = true;
        return true;
      case 'metadata':
        this.pieceCount = event.pieces;
        return true;
      case 'progress':
        return this.#handleProgress(event);
      case 'complete':
        return this.#handleComplete(event, nowSeconds);
      case 'status':
        this.totals = event;
        return true;
      case 'peer':
      case 'error':
        return false;
    }
  }

  /** The process has gone although nobody asked it to. */
  handleFailure(reason: string): void {
    this.phase = { kind: 'failed', reason };
    this.downBytesPerSecond = 0;
    this.upBytesPerSecond = 0;
  }

  #handleListening(host: string, port: number, nowSeconds: number): boolean {
    if (this.phase.kind !== 'starting') return false;
    this.phase = { kind: 'running', address: formatHostPort(host, port), startedAt: nowSeconds };
    return true;
  }

  #handleProgress(event: NodeEvent & { event: 'progress' }): boolean {
    const hasGained = event.bytes > this.haveBytes;
    this.haveBytes = event.bytes;
    this.downBytesPerSecond = event.downRate;
    this.upBytesPerSecond = event.upRate;
    this.peerCount = event.peers;
    return hasGained;
  }

  #handleComplete(event: NodeEvent & { event: 'complete' }, nowSeconds: number): boolean {
    if (this.phase.kind !== 'running') return false;
    const { address, startedAt } = this.phase;
    this.phase = { kind: 'complete', address, seconds: nowSeconds - startedAt, sha1: event.sha1 };
    this.haveBytes = event.length;
    return true;
  }
}

function formatHostPort(host: string, port: number): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}
