import { describe, expect, it } from 'vitest';

import { openLiveLine } from '../src/live-line.js';
import { TextStream } from './fake-terminal.js';

/** A terminal of a size of its own. */
class SmallTerminal extends TextStream {
  readonly rows: number;

  constructor(columns: number, rows: number) {
    super(true, columns);
    this.rows = rows;
  }
}

describe('openLiveLine', () => {
  it('draws one line where the terminal does not know its size, rather than one for each letter, or none', () => {
    const stream = new SmallTerminal(0, 0);
    openLiveLine(stream).update('50.0%  1 peer');
    expect(stream.text).toContain('50.0%  1 peer\n');
  });

  it('breaks what is longer than the terminal is wide', () => {
    const stream = new SmallTerminal(6, 24);
    openLiveLine(stream).update('abcdefghi');
    expect(stream.text).toContain('abcdef\nghi\n');
  });
});
