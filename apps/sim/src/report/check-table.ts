import { formatCount } from '@p2p/cli';

import { compareBy } from './compare.js';
import { html, type Html } from './html.js';
import { countText, shortNumber } from './number-text.js';
import type { ResultGroup } from './result-collection.js';
import { groupLabel, type ScenarioResults } from './result-group.js';

/** The targets of a scenario: limit, what the worst of its runs reached, and where it was missed. Missed ones first. */
export function checkTable({ groups }: ScenarioResults): Html {
  const rows = targetsOf(groups);
  if (rows.length === 0) return html`<p class="muted">These runs have no targets.</p>`;
  const sorted = rows.sort(
    compareBy(
      ({ heldCount, count }) => heldCount / count,
      ({ name }) => name,
      ({ limit }) => limit,
    ),
  );
  return html`<div class="wide">
    <table>
      <thead>
        <tr>
          <th>Target</th>
          <th class="n">Limit</th>
          <th class="n">Worst run</th>
          <th>Held</th>
          <th>Missed by</th>
        </tr>
      </thead>
      <tbody>
        ${sorted.map(
          ({ name, rule, limit, worst, heldCount, count, missedBy }) =>
            html`<tr>
              <td>${name}</td>
              <td class="n">${rule === 'atMost' ? '≤' : '≥'} ${shortNumber(limit)}</td>
              <td class="n">${shortNumber(worst)}</td>
              <td>
                ${heldCount === count ? html`<span class="good">✓ in all ${formatCount(count, 'run')}</span>` : html`<span class="bad">✗ in ${countText(heldCount)} of ${formatCount(count, 'run')}</span>`}
              </td>
              <td>${[...missedBy].join('; ')}</td>
            </tr> `,
        )}
      </tbody>
    </table>
  </div>`;
}

/** How often each rare path was taken, over all runs of a scenario; those that never were come first. */
export function sometimesTable({ groups }: ScenarioResults): Html {
  const runs = groups.flatMap((group) => group.runs);
  const names = [...new Set(runs.flatMap(({ sometimes }) => Object.keys(sometimes)))];
  if (names.length === 0) return html``;
  const rows = names
    .map((name) => {
      const counts = runs.map(({ sometimes }) => sometimes[name] ?? 0);
      return {
        name,
        total: counts.reduce((sum, count) => sum + count, 0),
        inRuns: counts.filter((count) => count > 0).length,
      };
    })
    .sort(
      compareBy(
        ({ inRuns }) => inRuns,
        ({ name }) => name,
      ),
    );
  return html`<details>
    <summary>Rare paths that were taken</summary>
    <div class="wide">
      <table>
        <thead>
          <tr>
            <th>What happened</th>
            <th class="n">Times</th>
            <th class="n">Runs</th>
          </tr>
        </thead>
        <tbody>
          ${rows.map(
            ({ name, total, inRuns }) =>
              html`<tr>
                <td>${name}</td>
                <td class="n">${total === 0 ? html`<span class="bad">✗ never</span>` : countText(total)}</td>
                <td class="n">${countText(inRuns)} of ${countText(runs.length)}</td>
              </tr> `,
          )}
        </tbody>
      </table>
    </div>
  </details>`;
}

/** Runs in which somebody did not finish, each with the command that replays it; the first ones if there are many. */
export function unfinishedList({ groups }: ScenarioResults): Html {
  const unfinished = groups.flatMap(({ runs }) => runs).filter(({ incomplete }) => incomplete > 0);
  if (unfinished.length === 0) return html``;
  const left =
    unfinished.length > MAX_UNFINISHED
      ? html`<p>and ${formatCount(unfinished.length - MAX_UNFINISHED, 'more run')}</p>`
      : html``;
  return html`<h3 class="bad">Not everybody finished</h3>
    <ul>
      ${unfinished
        .slice(0, MAX_UNFINISHED)
        .map(
          ({ seed, incomplete, command }) =>
            html`<li>
              ${formatCount(incomplete, 'peer')} of seed
              ${seed}${command === '' ? html`` : html`: <code>${command}</code>`}
            </li> `,
        )}
    </ul>
    ${left}`;
}

interface Target {
  readonly name: string;
  readonly rule: 'atMost' | 'atLeast';
  readonly limit: number;
  worst: number;
  heldCount: number;
  count: number;
  readonly missedBy: Set<string>;
}

function targetsOf(groups: readonly ResultGroup[]): Target[] {
  const byName = new Map<string, Target>();
  for (const group of groups) {
    for (const { name, rule, limit, actual, holds } of group.runs.flatMap(({ checks }) => checks)) {
      const key = JSON.stringify([name, rule, limit]);
      const target = byName.get(key) ?? {
        name,
        rule,
        limit,
        worst: actual,
        heldCount: 0,
        count: 0,
        missedBy: new Set(),
      };
      byName.set(key, target);
      target.worst = rule === 'atMost' ? Math.max(target.worst, actual) : Math.min(target.worst, actual);
      target.heldCount += Number(holds);
      target.count++;
      if (!holds) target.missedBy.add(groupLabel(group));
    }
  }
  return [...byName.values()];
}

const MAX_UNFINISHED = 20;
