import { formatRanges } from '@p2p/cli';

import { nameOf } from './figure.js';
import { html, type Html } from './html.js';
import { countText, ratioText, secondsText } from './number-text.js';
import type { ResultGroup } from './result-collection.js';
import { groupLabel, medianOf, parameters, type ScenarioResults } from './result-group.js';

/** One row for each scenario, size and settings: how near to the bound, and whether its targets were met. */
export function summaryTable(scenarios: readonly ScenarioResults[]): Html {
  return html`<div class="wide">
    <table>
      <thead>
        <tr>
          <th>Scenario</th>
          <th>Swarm</th>
          <th>Seeds</th>
          <th class="n">Bound</th>
          <th class="n">Median peer</th>
          <th class="n">Last peer</th>
          <th class="n">Worst seed</th>
          <th class="n">Not done</th>
          <th>Targets</th>
          <th class="n">Events/s</th>
        </tr>
      </thead>
      <tbody>
        ${scenarios.flatMap(({ scenario, groups }) => groups.map((group, index) => row(group, index === 0 ? scenario : '')))}
      </tbody>
    </table>
  </div>`;
}

function row(group: ResultGroup, scenario: string): Html {
  const { bound } = parameters(group);
  const { runs } = group;
  const isFetched = group.runs.some(({ completionSeconds, incomplete: late }) => completionSeconds.length + late > 0);
  const reached = (ratio: number): string => (isFetched ? ratioText(ratio) : '–');
  const incomplete = runs.reduce((sum, run) => sum + run.incomplete, 0);
  const scenarioCell = scenario === '' ? html`` : html`<a href="#${nameOf(scenario)}">${scenario}</a>`;
  return html`<tr>
    <td>${scenarioCell}</td>
    <td>${groupLabel(group)}</td>
    <td>
      ${formatRanges(
        runs.map(({ seed }) => seed),
        4,
      )}
    </td>
    <td class="n">${secondsText(bound.seconds)} <small>${bound.name}</small></td>
    <td class="n">${reached(medianOf(group, ({ ratio }) => ratio.p50))}</td>
    <td class="n">${reached(medianOf(group, ({ ratio }) => ratio.max))}</td>
    <td class="n">${reached(Math.max(...runs.map(({ ratio }) => ratio.max)))}</td>
    <td class="n">${countText(incomplete)}</td>
    <td>${targets(group)}</td>
    <td class="n">${countText(medianOf(group, ({ events, wallSeconds }) => events / Math.max(wallSeconds, 1e-9)))}</td>
  </tr> `;
}

function targets({ runs }: ResultGroup): Html {
  const checks = runs.flatMap((run) => run.checks);
  if (checks.length === 0) return html`<span class="muted">none</span>`;
  const missed = new Set(checks.filter(({ holds }) => !holds).map(({ name }) => name));
  const all = new Set(checks.map(({ name }) => name));
  if (missed.size === 0) return html`<span class="good">✓ all ${all.size} held</span>`;
  return html`<span class="bad">✗ ${missed.size} of ${all.size} missed:</span> ${[...missed].join(', ')}`;
}
