import { standaloneSvg } from './figure.js';
import { readResults } from './read-results.js';
import { buildReport } from './report.js';
import { ResultCollection } from './result-collection.js';

/** A report as files. */
export interface DrawnReport {
  readonly page: string;
  readonly pictures: readonly { readonly name: string; readonly text: string }[];
}

/**
 * Reads results and draws them.
 *
 * @throws {SimError} `bad-option`, `bad-results`; or the signal's reason
 */
export async function drawReport(names: readonly string[], interrupted: AbortSignal): Promise<DrawnReport> {
  const collection = new ResultCollection();
  await readResults(names, collection, interrupted);
  const { page, figures } = buildReport(collection);
  return { page, pictures: figures.map((figure) => ({ name: `${figure.id}.svg`, text: standaloneSvg(figure) })) };
}
