import type { ModelResult } from '../../model/model-result.js';
import { countText } from '../number-text.js';
import { settingsText } from '../result-group.js';

/** Which single run a picture shows: `1,000 peers, degree 16, seed 7`. */
export function runText({ peers, settings, seed }: ModelResult): string {
  return [`${countText(peers)} peers`, settingsText(settings), `seed ${seed}`].filter((part) => part !== '').join(', ');
}
