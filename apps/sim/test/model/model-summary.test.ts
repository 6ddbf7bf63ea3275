import { describe, expect, it } from 'vitest';

import { renderModelSummary } from '../../src/model/model-summary.js';
import { modelRun } from './a-model-run.js';

describe('the table of a run', () => {
  it('tells the shares of the result', () => {
    const result = { ...modelRun(), wastedShare: 0.125, duplicateShare: 0.0625, controlShare: 0.031, uplinkUse: 0.5 };
    const table = renderModelSummary(result);
    expect(table).toContain('12.5% of the payload, 6.2% received twice');
    expect(table).toContain('3.1% on top of the payload');
    expect(table).toContain('50.0% of what honest peers could have sent');
  });
});
