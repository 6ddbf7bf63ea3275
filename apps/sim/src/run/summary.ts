import { formatBytes, formatCount, formatPercent, formatTable } from '@p2p/cli';

import type { NodeResult, RunResult } from './result.js';

/** The result of a run for a person: a table of the nodes, then what it comes to. Unknown figures are left out. */
export function renderSummary(result: RunResult): string {
  return [nodeTable(result.nodes), '', formatTable(summaryRows(result))].join('\n');
}

function nodeTable(nodes: readonly NodeResult[]): string {
  const header = ['node', 'uploaded', 'downloaded', 'seconds', 'CPU', 'peak memory'];
  const rows = nodes.map((node) => [
    node.name,
    orDash(node.uploaded, formatBytes),
    orDash(node.downloaded, formatBytes),
    orDash(node.seconds, (seconds) => seconds.toFixed(2)),
    orDash(node.cpuSeconds, (seconds) => `${seconds.toFixed(2)} s`),
    orDash(node.peakRssBytes, formatBytes),
  ]);
  return formatTable([header, ...rows]);
}

function summaryRows(result: RunResult): string[][] {
  const leecherCount = result.peers - result.seeders;
  const pieces = result.pieces === null ? '' : ` in ${formatCount(result.pieces, 'piece')}`;
  return [
    ['file', `${formatBytes(result.length)}${pieces}, random bytes of seed ${result.seed}`],
    ['nodes', `${result.peers}: ${formatCount(result.seeders, 'seeder')}, ${formatCount(leecherCount, 'leecher')}`],
    ['copies', `${leecherCount - result.incomplete} of ${leecherCount} complete, ${result.verified} verified by SHA-1`],
    ...timeRows(result),
    ...trafficRows(result),
    ['overlay', describeOverlay(result)],
    ['run', `${result.wallSeconds.toFixed(1)} s from the first process to the last copy`],
  ];
}

function timeRows({ p50Seconds, p95Seconds, maxSeconds, boundSeconds, ...ratios }: RunResult): string[][] {
  const quantiles: [string, number | null, number | null][] = [
    ['p50', p50Seconds, ratios.ratioP50],
    ['p95', p95Seconds, ratios.ratioP95],
    ['max', maxSeconds, ratios.ratioMax],
  ];
  const times = quantiles.map(([name, seconds, ratio]) => {
    if (seconds === null) return `${name} never`;
    return `${name} ${seconds.toFixed(2)} s${ratio === null ? '' : ` (${ratio.toFixed(2)} x the bound)`}`;
  });
  const bound = boundSeconds === null ? [] : [['bound', `${boundSeconds.toFixed(2)} s is the least these rates allow`]];
  return [['times', times.join(', ')], ...bound];
}

function trafficRows({ seederUploadRatio, wastedRatio, uplinkUse }: RunResult): string[][] {
  const rows: [string, number | null, (value: number) => string][] = [
    ['seeder', seederUploadRatio, (value) => `the first one sent ${value.toFixed(2)} copies`],
    ['wasted', wastedRatio, (value) => `${formatPercent(value, 1)} of what leechers received`],
    ['uplinks', uplinkUse, (value) => `${formatPercent(value, 1)} of what they could have sent`],
  ];
  return rows.flatMap(([name, value, describe]) => (value === null ? [] : [[name, describe(value)]]));
}

function describeOverlay({ overlay, pexLinks }: RunResult): string {
  const shape = [
    formatCount(overlay.components, 'component'),
    `diameter ${overlay.diameter}`,
    `clustering ${overlay.clustering.toFixed(2)}`,
    `${overlay.meanDegree.toFixed(1)} links a node`,
  ];
  return `${shape.join(', ')}; ${formatCount(pexLinks, 'link')} made through peer exchange`;
}

function orDash(value: number | null, format: (value: number) => string): string {
  return value === null ? '–' : format(value);
}
