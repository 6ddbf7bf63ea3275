import { SimError } from '../sim-error.js';
import { calibrate } from './calibration.js';
import type { Figure } from './figure.js';
import { availabilityFigure } from './figures/availability.js';
import { boundOverviewFigure } from './figures/bound-overview.js';
import { calibrationFigure } from './figures/calibration.js';
import { choiceFigure } from './figures/choice.js';
import { completionFigure } from './figures/completion.js';
import { overlayFigure } from './figures/overlay.js';
import { progressFigure } from './figures/progress.js';
import { ratioByPeersFigure } from './figures/ratio-by-peers.js';
import { settingFigure } from './figures/setting.js';
import { uplinkUseFigure } from './figures/uplink-use.js';
import { renderPage } from './page.js';
import type { ResultCollection } from './result-collection.js';
import { byScenario, mainGroup, typicalRun, type ScenarioResults } from './result-group.js';
import { settingComparisons } from './setting-comparison.js';

/** A finished report. */
export interface Report {
  /** The page, as text of one file. */
  readonly page: string;
  /** The pictures on it, in order; their ids differ. */
  readonly figures: readonly Figure[];
}

/**
 * Draws everything that the results have material for. The same results give the same report, in whatever order they came.
 *
 * @throws {SimError} `bad-results` if there are none
 */
export function buildReport(collection: ResultCollection): Report {
  if (collection.isEmpty) {
    throw new SimError(
      'bad-results',
      'there is no result in what was given: make some with "p2p-sim model … --json > results.jsonl"',
    );
  }
  const groups = collection.groups();
  const scenarios = byScenario(groups);
  const { calibrations, unmatchedCount } = calibrate(groups, collection.realRuns());
  const overview = present([
    boundOverviewFigure(scenarios),
    ratioByPeersFigure(groups),
    calibrationFigure(calibrations, unmatchedCount),
  ]);
  const sections = scenarios.map((results) => ({ results, figures: scenarioFigures(results) }));
  return {
    page: renderPage(collection, sections, overview),
    figures: [...overview, ...sections.flatMap(({ figures }) => figures)],
  };
}

function scenarioFigures(results: ScenarioResults): Figure[] {
  const main = mainGroup(results);
  const run = typicalRun(main);
  const comparisons = settingComparisons(results).map((comparison) =>
    comparison.kind === 'number' ? settingFigure(comparison) : choiceFigure(comparison),
  );
  const overTime =
    run === undefined
      ? []
      : [
          progressFigure(run),
          uplinkUseFigure(
            run,
            main.detailed.filter((other) => other !== run),
          ),
          availabilityFigure(run),
          overlayFigure(run),
        ];
  return present([completionFigure(results), ...overTime, ...comparisons]);
}

function present(figures: readonly (Figure | undefined)[]): Figure[] {
  return figures.filter((figure) => figure !== undefined);
}
