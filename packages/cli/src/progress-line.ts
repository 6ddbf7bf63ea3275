import { formatBytes, formatCount, formatPercent, formatRate, formatSeconds } from './format.js';
import type { ProgressEvent, WaitingEvent } from './node-event.js';
import { explainStall } from './stall.js';

/**
 * How far we are, in one line: bar, percent, bytes, rates, peers, time left.
 *
 * @param columns width of the terminal; without it there is no bar and the line may be of any length
 */
export function progressLine(event: ProgressEvent | WaitingEvent, columns?: number): string {
  if (event.kind === 'waiting') return `Waiting for the list of pieces  ${formatCount(event.peers, 'peer')}`;
  const text = progressText(event);
  if (columns === undefined) return text;
  if (event.bytes >= event.total) return text.slice(0, Math.max(0, columns - 1));
  const barWidth = Math.min(MAX_BAR_WIDTH, columns - text.length - BAR_FRAME_WIDTH);
  const line = barWidth < MIN_BAR_WIDTH ? text : `${progressBar(event.bytes / event.total, barWidth)}  ${text}`;
  // One column stays free: some terminals break the line when the last one is written.
  return line.slice(0, Math.max(0, columns - 1));
}

function progressText(event: ProgressEvent): string {
  const { bytes, total, downRate, upRate, peers } = event;
  const peerText = formatCount(peers, 'peer');
  if (bytes >= total) return ['sharing', `up ${formatRate(upRate)}`, peerText].join('  ');
  const parts = [
    formatPercent(bytes, total),
    `${formatBytes(bytes)} of ${formatBytes(total)}`,
    `down ${formatRate(downRate)}`,
    `up ${formatRate(upRate)}`,
    peerText,
  ];
  const secondsLeft = (total - bytes) / downRate;
  if (secondsLeft < MAX_SECONDS_LEFT) parts.push(`${formatSeconds(Math.max(1, secondsLeft))} left`);
  return parts.join('  ');
}

/** Why nothing arrives, in a line of its own; undefined while something does. */
export function stallLine(event: ProgressEvent | WaitingEvent): string | undefined {
  return event.stall && `Not downloading: ${explainStall(event.stall)}.`;
}

function progressBar(part: number, width: number): string {
  const filled = Math.min(width, Math.floor(part * width));
  return `[${'#'.repeat(filled)}${'-'.repeat(width - filled)}]`;
}

const MAX_BAR_WIDTH = 30;
const MIN_BAR_WIDTH = 8;
/** Two brackets, two spaces, and the column that stays free. */
const BAR_FRAME_WIDTH = 5;
/** A guess of more than a week says nothing. */
const MAX_SECONDS_LEFT = 7 * 86_400;
