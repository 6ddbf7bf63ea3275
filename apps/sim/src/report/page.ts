import { formatCount } from '@p2p/cli';

import { html, Html } from './html.js';
import { checkTable, sometimesTable, unfinishedList } from './check-table.js';
import { inlineSvg, nameOf, type Figure } from './figure.js';
import { PAGE_STYLE } from './page-style.js';
import type { ResultCollection } from './result-collection.js';
import type { ScenarioResults } from './result-group.js';
import { summaryTable } from './summary-table.js';

/** A scenario with its pictures. */
export interface ScenarioSection {
  readonly results: ScenarioResults;
  readonly figures: readonly Figure[];
}

/** The whole report: one file that loads nothing, with no script. */
export function renderPage(
  collection: ResultCollection,
  sections: readonly ScenarioSection[],
  overview: readonly Figure[],
): string {
  const scenarios = sections.map(({ results }) => results);
  const page = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta
          http-equiv="Content-Security-Policy"
          content="default-src 'none'; style-src 'unsafe-inline'; img-src data:"
        />
        <link rel="icon" href="data:," />
        <title>Simulated swarms</title>
        <style>
          ${new Html(PAGE_STYLE)}
        </style>
      </head>
      <body>
        <header>
          <h1>Simulated swarms</h1>
          <p class="muted">${contentText(collection, scenarios)}</p>
          ${collection.contradictions.map((run) => html`<p class="bad">✗ ${run}: two runs with different traces. They are of different versions, or the simulator is not deterministic.</p>`)}
        </header>
        <main>
          ${scenarios.length === 0 ? html`` : summaryTable(scenarios)} ${figureGrid(overview)} ${sections.map(section)}
        </main>
      </body>
    </html> `;
  return page.text;
}

function section({ results, figures }: ScenarioSection): Html {
  return html`<section id="${nameOf(results.scenario)}">
    <h2>${results.scenario}</h2>
    ${unfinishedList(results)} ${checkTable(results)} ${figureGrid(figures)} ${sometimesTable(results)}
  </section> `;
}

function figureGrid(figures: readonly Figure[]): Html {
  if (figures.length === 0) return html``;
  return html`<div class="figures">
    ${figures.map(
      (figure) =>
        html`<figure id="${figure.id}">
          <figcaption>
            <h3>${figure.title}</h3>
            <p>${figure.subtitle}</p>
          </figcaption>
          ${new Html(inlineSvg(figure))}
        </figure> `,
    )}
  </div>`;
}

function contentText(collection: ResultCollection, scenarios: readonly ScenarioResults[]): string {
  const runCount = scenarios.flatMap(({ groups }) => groups).reduce((sum, { runs }) => sum + runs.length, 0);
  const real = collection.realRuns().length;
  const parts = [
    ...(runCount === 0
      ? []
      : [`${formatCount(runCount, 'simulated run')} of ${formatCount(scenarios.length, 'scenario')}.`]),
    ...(real === 0 ? [] : [`${formatCount(real, 'run')} of real processes.`]),
    ...(collection.duplicateCount === 0
      ? []
      : [`${formatCount(collection.duplicateCount, 'repeated result')} left out.`]),
    'Times are virtual; ratios are multiples of the lower bound that no method can beat.',
  ];
  return parts.join(' ');
}
