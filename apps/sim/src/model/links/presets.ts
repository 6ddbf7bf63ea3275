import type { AccessLink } from './link-model.js';

/** What Linux lets a connection's receive buffer grow to (tcp_rmem). */
const DEFAULT_WINDOW_BYTES = 6 * 2 ** 20;

/**
 * Access links by name. Rates are what is left for payload: headers of TCP and IP, some 2.7 %, are thought taken off.
 * Latencies are one way to the core of the network, so that a round trip between two such hosts is four times as long.
 */
export const LINK_PRESETS = {
  /** Home, ADSL: 8 Mbit/s down, 1 Mbit/s up, 60 ms of round trip. */
  adsl: access({ downMbits: 8, upMbits: 1, latencyMs: 15 }),
  /** Home, symmetric: 2 Mbit/s both ways, 20 ms of round trip. */
  sdsl: access({ downMbits: 2, upMbits: 2, latencyMs: 5 }),
  /** Home, fibre: 100 Mbit/s both ways, 12 ms of round trip. */
  fibre: access({ downMbits: 100, upMbits: 100, latencyMs: 3 }),
  /** Mobile, 4G: 20 Mbit/s down, 5 Mbit/s up, 100 ms of round trip, 0.5 % of the packets lost. */
  mobile: access({ downMbits: 20, upMbits: 5, latencyMs: 25, loss: 0.005 }),
  /** Data centre: 1 Gbit/s both ways, 0.4 ms of round trip. */
  datacentre: access({ downMbits: 1_000, upMbits: 1_000, latencyMs: 0.1 }),
  /** Long and fat: 1 Gbit/s both ways, 100 ms of round trip, windows of 32 MiB. */
  longfat: access({ downMbits: 1_000, upMbits: 1_000, latencyMs: 25, windowBytes: 32 * 2 ** 20 }),
} as const satisfies Record<string, AccessLink>;

export type LinkPresetName = keyof typeof LINK_PRESETS;

/** In the order in which people read them. */
export const LINK_PRESET_NAMES: readonly string[] = Object.keys(LINK_PRESETS);

export function isLinkPreset(name: string): name is LinkPresetName {
  return Object.hasOwn(LINK_PRESETS, name);
}

/** An access link from the units in which people name them. */
export function access(link: {
  readonly downMbits: number;
  readonly upMbits: number;
  /** One way, to the core. */
  readonly latencyMs: number;
  readonly loss?: number;
  readonly windowBytes?: number;
}): AccessLink {
  return {
    upBytesPerSecond: (link.upMbits * 1e6) / 8,
    downBytesPerSecond: (link.downMbits * 1e6) / 8,
    latencyMicros: Math.round(link.latencyMs * 1_000),
    loss: link.loss ?? 0,
    windowBytes: link.windowBytes ?? DEFAULT_WINDOW_BYTES,
  };
}
