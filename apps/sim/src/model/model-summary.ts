import { formatBytes, formatCount, formatPercent, formatTable } from '@p2p/cli';

import type { ModelResult } from './model-result.js';

/** The result of a simulated swarm for a person. */
export function renderModelSummary(result: ModelResult): string {
  const { bound, ratio, completionSeconds, series } = result;
  const overlay = series.overlay.at(-1);
  const last = completionSeconds.at(-1);
  const rows = [
    ['scenario', `${result.scenario}, seed ${result.seed}, ${result.linkModel} links, ${result.payload}`],
    ['content', `${formatCount(result.pieces, 'piece')} of ${formatBytes(result.pieceBytes)}`],
    ['peers', `${completionSeconds.length} of ${result.peers} leechers complete, ${result.incomplete} did not finish`],
    ['bound', `${bound.name}: ${bound.seconds.toFixed(2)} s is the least these links allow`],
    ...(last === undefined
      ? []
      : [
          [
            'ratio',
            `p50 ${ratioText(ratio.p50)}, p95 ${ratioText(ratio.p95)}, max ${ratioText(ratio.max)} of the bound`,
          ],
          ['last', `${last.toFixed(2)} s after its start`],
        ]),
    ['seeder', `sent ${result.seederCopies.toFixed(2)} copies`],
    [
      'wasted',
      `${formatPercent(result.wastedShare, 1)} of the payload, ${formatPercent(result.duplicateShare, 1)} received twice`,
    ],
    ['control', `${formatPercent(result.controlShare, 1)} on top of the payload`],
    ['uplinks', `${formatPercent(result.uplinkUse, 1)} of what honest peers could have sent`],
    ...(overlay === undefined
      ? []
      : [
          [
            'overlay',
            `${formatCount(overlay.components, 'component')}, diameter ${overlay.diameter}, clustering ${overlay.clustering.toFixed(2)}, ${overlay.meanDegree.toFixed(1)} links a peer, at most ${overlay.maxDegree}`,
          ],
        ]),
    ...result.checks.map(({ name, rule, limit, actual, holds }) => [
      holds ? '✔ target' : '✘ target',
      `${name}: ${actual} (${rule === 'atMost' ? 'at most' : 'at least'} ${limit})`,
    ]),
    ...(result.incomplete === 0 ? [] : [['again', result.command]]),
    [
      'run',
      `${result.wallSeconds.toFixed(1)} s, ${result.events} events, ${Math.round(result.events / result.wallSeconds)} a second, ${formatBytes(result.peakMemoryBytes)} of memory`,
    ],
    ['trace', result.traceHash],
  ];
  return formatTable(rows);
}

function ratioText(ratio: number): string {
  return Number.isFinite(ratio) ? ratio.toFixed(3) : 'never';
}
