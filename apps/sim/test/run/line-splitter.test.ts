import { describe, expect, it } from 'vitest';

import { LineSplitter, MAX_LINE_CHARACTERS } from '../../src/run/line-splitter.js';

function split(...chunks: string[]): string[] {
  const splitter = new LineSplitter();
  return chunks.flatMap((chunk) => splitter.push(chunk));
}

describe('LineSplitter', () => {
  it('finds the same lines wherever the text is cut', () => {
    const text = 'one\ntwo\r\n\nthree\n';
    for (let cut = 0; cut <= text.length; cut += 1) {
      if (text[cut - 1] === '\r') continue;
      expect(split(text.slice(0, cut), text.slice(cut))).toEqual(['one', 'two', '', 'three']);
    }
  });

  it('holds back a line that is not finished', () => {
    expect(split('one\ntw')).toEqual(['one']);
  });

  it('drops a line that is too long, in however many chunks it comes, and goes on with the next', () => {
    const half = 'x'.repeat(MAX_LINE_CHARACTERS / 2 + 1);
    expect(split('a\n', half, half, half, 'end\nb\n', 'c\n')).toEqual(['a', 'b', 'c']);
    expect(split(`${half}${half}\nb\n`)).toEqual(['b']);
  });
});
