import { describe, expect, it } from 'vitest';

import { atLeast, atMost, formatVerdict } from '../src/verdict.js';

describe('verdicts', () => {
  it('say whether the bound is kept, the bound itself included', () => {
    expect(formatVerdict(atLeast('at least 1.3 x', 1.42, 1.3))).toBe('target: at least 1.3 x: 1.42 holds');
    expect(atLeast('x', 1.3, 1.3).holds).toBe(true);
    expect(formatVerdict(atLeast('x', 1.29, 1.3))).toBe('target: x: 1.29 MISSED');
    expect(formatVerdict(atMost('x', 120.4, 120))).toBe('target: x: 120 MISSED');
    expect(atMost('x', 0.9, 0.9).holds).toBe(true);
  });

  it('do not call a target reached that was not measured', () => {
    for (const found of [undefined, NaN, Infinity]) {
      expect(atMost('x', found, 1).holds).toBeUndefined();
      expect(formatVerdict(atLeast('x', found, 1))).toBe('target: x: not measured');
    }
  });
});
