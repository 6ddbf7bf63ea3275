import { formatBytes, formatCount, formatPercent, formatRate } from '@p2p/cli';

import type { NodeRecord } from './node-record.js';

/** What the screen shows of a run at one moment. */
export interface SwarmView {
  readonly elapsedSeconds: number;
  readonly lengthBytes: number;
  readonly records: readonly NodeRecord[];
}

/** Space to draw in, in characters. */
export interface ScreenSize {
  readonly columns: number;
  readonly rows: number;
}

/**
 * Draws one row with a bar for each node, and a line for the whole swarm.
 *
 * Never wider or higher than the screen: rows that do not fit are counted instead, those of complete nodes first.
 */
export function renderTable(view: SwarmView, screen: ScreenSize): string {
  const room = Math.max(1, screen.rows - LINES_AROUND_ROWS);
  const shown = view.records.length <= room ? view.records : mostInteresting(view.records, room);
  const hiddenCount = view.records.length - shown.length;
  const lines = [
    ...shown.map((record) => tableRow(record, view.lengthBytes, screen.columns - 1)),
    ...(hiddenCount > 0 ? [`… and ${hiddenCount} more`] : []),
    `${seconds(view.elapsedSeconds)}  ${swarmLine(view)}`,
  ];
  return lines.map((line) => line.slice(0, screen.columns - 1)).join('\n');
}

/** One line about the whole run, for a log file or a pipe: few nodes one by one, many as a sum. */
export function renderLine(view: SwarmView): string {
  const leechers = view.records.filter(({ plan }) => plan.role === 'leecher');
  const few = leechers.map((record) => `${record.plan.name} ${percent(shareOf(record, view.lengthBytes))}`).join('  ');
  const detail =
    leechers.length <= MAX_NODES_ON_ONE_LINE ? `${few}  down ${rate(downRate(leechers))}` : swarmLine(view);
  return `${seconds(view.elapsedSeconds)}  ${detail}`;
}

/** Half a bar is `█████░░░░░`. */
export function renderBar(share: number, width: number): string {
  const full = Math.round(Math.min(1, Math.max(0, share)) * width);
  return '█'.repeat(full) + '░'.repeat(width - full);
}

/** Where not all fits, whole cells are left out, the least important first: the same in every row. */
function tableRow(record: NodeRecord, lengthBytes: number, columns: number): string {
  const { plan, usage } = record;
  const share = shareOf(record, lengthBytes);
  const cells = [
    { importance: 9, text: plan.name.padEnd(10) },
    { importance: 1, text: (record.address ?? plan.address.host).padEnd(21) },
    { importance: 8, text: renderBar(share, BAR_WIDTH) },
    { importance: 7, text: percent(share) },
    { importance: 6, text: phaseLabel(record) },
    { importance: 5, text: `↓ ${rate(record.downBytesPerSecond)}` },
    { importance: 4, text: `↑ ${rate(record.upBytesPerSecond)}` },
    { importance: 3, text: formatCount(record.peerCount, 'peer').padStart(9) },
    { importance: 2, text: usage ? `${usage.cpuSeconds.toFixed(1).padStart(6)} s CPU` : ' '.repeat(12) },
    { importance: 0, text: usage ? formatBytes(usage.peakRssBytes).padStart(8) : ' '.repeat(8) },
  ];
  while (cells.length > 1 && widthOf(cells) > columns) {
    const least = Math.min(...cells.map(({ importance }) => importance));
    cells.splice(
      cells.findIndex(({ importance }) => importance === least),
      1,
    );
  }
  return cells
    .map(({ text }) => text)
    .join(CELL_GAP)
    .trimEnd();
}

function widthOf(cells: readonly { readonly text: string }[]): number {
  return cells.reduce((sum, { text }) => sum + text.length + CELL_GAP.length, -CELL_GAP.length);
}

function phaseLabel({ plan, phase }: NodeRecord): string {
  if (phase.kind === 'running' && plan.role === 'seeder') return 'seeding '.padEnd(PHASE_WIDTH);
  const label = phase.kind === 'complete' ? `✔ ${phase.seconds.toFixed(1)} s` : PHASE_LABELS[phase.kind];
  return label.padEnd(PHASE_WIDTH);
}

function swarmLine({ records, lengthBytes }: SwarmView): string {
  const leechers = records.filter(({ plan }) => plan.role === 'leecher');
  const complete = leechers.filter(({ phase }) => phase.kind === 'complete').length;
  const share = total(leechers, (record) => shareOf(record, lengthBytes)) / leechers.length;
  const links = Math.round(total(records, ({ peerCount }) => peerCount) / 2);
  return `${complete}/${leechers.length} complete  ${percent(share)}  down ${rate(downRate(leechers))}  ${links} links`;
}

/** Those that fail, then those at work with the least first, then the rest; ties keep the order of the nodes. */
function mostInteresting(records: readonly NodeRecord[], count: number): NodeRecord[] {
  const rank = { failed: 0, running: 1, starting: 2, complete: 3 };
  const chosen = [...records]
    .sort(
      (a, b) =>
        rank[a.phase.kind] - rank[b.phase.kind] || a.haveBytes - b.haveBytes || a.plan.nodeIndex - b.plan.nodeIndex,
    )
    .slice(0, count);
  return chosen.sort((a, b) => a.plan.nodeIndex - b.plan.nodeIndex);
}

function shareOf({ plan, haveBytes }: NodeRecord, lengthBytes: number): number {
  return plan.role === 'seeder' ? 1 : haveBytes / lengthBytes;
}

function downRate(records: readonly NodeRecord[]): number {
  return total(records, ({ downBytesPerSecond }) => downBytesPerSecond);
}

function total(records: readonly NodeRecord[], valueOf: (record: NodeRecord) => number): number {
  return records.reduce((sum, record) => sum + valueOf(record), 0);
}

function percent(share: number): string {
  return formatPercent(share, 1).padStart(6);
}

function rate(bytesPerSecond: number): string {
  return formatRate(bytesPerSecond).padStart(10);
}

function seconds(value: number): string {
  return `${value.toFixed(1)} s`.padStart(7);
}

const CELL_GAP = '  ';
const PHASE_LABELS = { starting: 'starting', running: '', failed: '✘ failed' };
const PHASE_WIDTH = 9;
const BAR_WIDTH = 20;
/** The swarm's line, the count of hidden rows, and the prompt. */
const LINES_AROUND_ROWS = 3;
const MAX_NODES_ON_ONE_LINE = 6;
