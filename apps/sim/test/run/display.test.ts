import { describe, expect, it } from 'vitest';

import { createDisplay } from '../../src/run/display.js';
import { recordsOf } from '../a-run.js';
import { TextSink } from '../text-sink.js';

const records = recordsOf(3);
const viewAt = (elapsedSeconds: number) => ({ elapsedSeconds, lengthBytes: 1000, records });
const ESCAPE = '\u001B';

describe('a display on a pipe', () => {
  it('writes plain lines: no more than one a second, and fewer the longer it takes', () => {
    const sink = new TextSink();
    const display = createDisplay(sink);
    for (let tenths = 0; tenths <= 36_000; tenths += 1) display.show(viewAt(tenths / 10));
    display.finish(viewAt(3600));
    const lines = sink.text.trimEnd().split('\n');
    expect(sink.text).not.toContain(ESCAPE);
    expect(lines.slice(0, 3).map((line) => line.trim().split('  ')[0])).toEqual(['1.0 s', '2.0 s', '3.0 s']);
    expect(lines.length).toBeLessThan(100);
    expect(lines.at(-1)).toContain('3600.0 s');
  });

  it('writes a note as it is', () => {
    const sink = new TextSink();
    createDisplay(sink).note('Files are in memory.');
    expect(sink.text).toBe('Files are in memory.\n');
  });
});

describe('a display on a terminal', () => {
  it('redraws the table in place and leaves the last one, with notes above it', () => {
    const sink = new TextSink(true);
    const display = createDisplay(sink);
    display.show(viewAt(1));
    display.note('warning: look');
    display.finish(viewAt(9));
    expect(sink.text).toContain(ESCAPE);
    expect(sink.text).toContain('warning: look\n');
    expect(sink.text.indexOf('9.0 s')).toBeGreaterThan(sink.text.indexOf('warning'));
    expect(sink.text).toContain('peer-2');
  });
});
