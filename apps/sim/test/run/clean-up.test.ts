import { describe, expect, it } from 'vitest';

import { CleanUp } from '../../src/run/clean-up.js';

describe('CleanUp', () => {
  it('runs what was not done otherwise, the newest first, once', () => {
    const done: string[] = [];
    const cleanUp = new CleanUp();
    cleanUp.add(() => done.push('folder'));
    const forget = cleanUp.add(() => done.push('forgotten'));
    cleanUp.add(() => done.push('processes'));
    forget();
    cleanUp.run();
    cleanUp.run();
    expect(done).toEqual(['processes', 'folder']);
  });

  it('goes on when one action fails', () => {
    const done: string[] = [];
    const cleanUp = new CleanUp();
    cleanUp.add(() => done.push('folder'));
    cleanUp.add(() => {
      throw new Error('no');
    });
    cleanUp.run();
    expect(done).toEqual(['folder']);
  });
});
