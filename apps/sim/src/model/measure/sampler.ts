import type { Payload } from '@p2p/swarm';

import type { ModelSeries, OverlaySample } from '../model-result.js';
import type { SimPeer } from '../world/sim-peer.js';
import type { World } from '../world/world.js';
import { sampleOverlay } from './overlay-sample.js';

/** One row of the series. */
interface Sample {
  readonly at: number;
  readonly uplinkUse: number;
  readonly availabilityMin: number;
  readonly availabilityMean: number;
  readonly finishedPeers: number;
  readonly livingPeers: number;
  /** Of every leecher, in order of arrival: share of the file. */
  readonly progress: readonly number[];
}

/**
 * Looks at the swarm at equal steps of virtual time.
 *
 * Nobody knows beforehand how long a run takes: when there are twice as many samples as wanted, every other one is dropped
 * and the step doubles.
 */
export class Sampler<P extends Payload> {
  readonly #world: World<P>;
  #stepSeconds: number;
  #samples: Sample[] = [];
  #overlay: OverlaySample[] = [];
  #untilOverlay = 1;
  /** Honest uplinks' bytes at the last sample, and what they could have sent by then. */
  #sentBytes = 0;
  #capacityBytes = 0;

  readonly #onSample: () => void;

  /**
   * @param expectedSeconds a guess of how long the run takes
   * @param onSample called after each sample
   */
  constructor(world: World<P>, expectedSeconds: number, onSample: () => void) {
    this.#world = world;
    this.#onSample = onSample;
    this.#stepSeconds = expectedSeconds / WANTED_SAMPLES;
    this.#schedule();
  }

  series(faults: ModelSeries['faults']): ModelSeries {
    const leecherCount = this.#samples.at(-1)?.progress.length ?? 0;
    const shown = Math.min(leecherCount, MAX_PROGRESS_ROWS);
    return {
      at: this.#samples.map(({ at }) => round(at)),
      uplinkUse: this.#samples.map(({ uplinkUse }) => round(uplinkUse)),
      availabilityMin: this.#samples.map(({ availabilityMin }) => availabilityMin),
      availabilityMean: this.#samples.map(({ availabilityMean }) => round(availabilityMean)),
      finishedPeers: this.#samples.map(({ finishedPeers }) => finishedPeers),
      livingPeers: this.#samples.map(({ livingPeers }) => livingPeers),
      progress: Array.from({ length: shown }, (_, row) => {
        const index = Math.floor((row * leecherCount) / shown);
        return this.#samples.map(({ progress }) => round(progress[index] ?? 0));
      }),
      overlay: this.#overlay,
      faults,
    };
  }

  /** The state at the end; call it once, when the run is over. */
  finish(): void {
    this.#untilOverlay = 1;
    this.#take();
  }

  #schedule(): void {
    this.#world.clock.post(
      this.#world.clock.nowMicros + Math.max(1, Math.round(this.#stepSeconds * 1e6)),
      (sampler: Sampler<P>) => {
        sampler.#take();
        sampler.#onSample();
        sampler.#schedule();
      },
      this,
    );
  }

  #take(): void {
    const { peers, nowSeconds, content } = this.#world;
    const leechers = peers.filter((peer) => !peer.isSeeder);
    const { pieceCount } = content.metainfo.layout;
    const living = peers.filter((peer) => peer.isAlive);
    const copies = copiesOf(living, pieceCount);
    this.#samples.push({
      at: nowSeconds,
      uplinkUse: this.#uplinkUse(),
      availabilityMin: copies.reduce((least, count) => Math.min(least, count), Infinity),
      availabilityMean: copies.reduce((sum, count) => sum + count, 0) / pieceCount,
      finishedPeers: leechers.filter((peer) => peer.have.isFull).length,
      livingPeers: living.length,
      progress: leechers.map((peer) => peer.have.count / pieceCount),
    });
    this.#takeOverlay();
    if (this.#samples.length < 2 * WANTED_SAMPLES) return;
    this.#samples = this.#samples.filter((_, index) => index % 2 === 1);
    this.#overlay = this.#overlay.filter((_, index) => index % 2 === 1);
    this.#stepSeconds *= 2;
  }

  /** The overlay costs more to look at, and changes less: at every fifth sample. */
  #takeOverlay(): void {
    this.#untilOverlay -= 1;
    if (this.#untilOverlay > 0) return;
    this.#untilOverlay = SAMPLES_AN_OVERLAY;
    this.#overlay.push(sampleOverlay(this.#world));
  }

  /** Since the last sample. */
  #uplinkUse(): number {
    const { sentBytes, capacityBytes } = honestUplinks(this.#world);
    const [sent, capacity] = [sentBytes - this.#sentBytes, capacityBytes - this.#capacityBytes];
    this.#sentBytes = sentBytes;
    this.#capacityBytes = capacityBytes;
    return capacity > 0 ? sent / capacity : 0;
  }
}

/** What the honest peers' uplinks have sent so far, and what they could have. */
export function honestUplinks<P extends Payload>(
  world: World<P>,
): {
  readonly sentBytes: number;
  readonly capacityBytes: number;
} {
  let [sentBytes, capacityBytes] = [0, 0];
  for (const peer of world.peers) {
    if (!peer.isHonest) continue;
    const end = peer.endedAtSeconds ?? world.nowSeconds;
    sentBytes += peer.host.sentBytes;
    capacityBytes += (end - peer.startedAtSeconds) * peer.plan.link.upBytesPerSecond;
  }
  return { sentBytes, capacityBytes };
}

function copiesOf<P extends Payload>(peers: readonly SimPeer<P>[], pieceCount: number): Uint32Array {
  const copies = new Uint32Array(pieceCount);
  let fullCount = 0;
  for (const { have } of peers) {
    if (have.isFull) fullCount += 1;
    else {
      have.forEach((piece) => {
        copies[piece] = (copies[piece] ?? 0) + 1;
      });
    }
  }
  return copies.map((count) => count + fullCount);
}

function round(value: number): number {
  return Math.round(value * 10_000) / 10_000;
}

const WANTED_SAMPLES = 100;
const SAMPLES_AN_OVERLAY = 5;
const MAX_PROGRESS_ROWS = 100;
