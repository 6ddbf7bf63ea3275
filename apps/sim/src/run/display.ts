import type { OutputStream } from '@p2p/cli';
import { createLogUpdate } from 'log-update';

import { renderLine, renderTable } from './live-table.js';
import type { SwarmView } from './live-table.js';

/** A stream of text; `rows` is there if a person looks at it. */
export type TextStream = OutputStream & { readonly rows?: number };

/** Shows a run to a person while it goes on. */
export interface Display {
  /** A line that stays. */
  note(text: string): void;
  /** The state of the run; to be called as often as one likes. */
  show(view: SwarmView): void;
  /** Leaves the last state standing. Nothing may be shown afterwards; notes may. */
  finish(view: SwarmView): void;
}

/** A table that redraws itself on a terminal; lines, ever more rarely, anywhere else. */
export function createDisplay(stream: TextStream): Display {
  return stream.isTTY ? terminalDisplay(stream) : lineDisplay(stream);
}

function terminalDisplay(stream: TextStream): Display {
  const update = createLogUpdate(stream);
  const show = (view: SwarmView): void => {
    update(renderTable(view, { columns: stream.columns ?? 80, rows: stream.rows ?? 24 }));
  };
  return {
    note: (text) => update.persist(text),
    show,
    finish(view) {
      show(view);
      update.done();
    },
  };
}

function lineDisplay(stream: TextStream): Display {
  let nextAtSeconds = FIRST_INTERVAL_SECONDS;
  return {
    note: (text) => void stream.write(`${text}\n`),
    show(view) {
      if (view.elapsedSeconds < nextAtSeconds) return;
      nextAtSeconds = view.elapsedSeconds + Math.max(FIRST_INTERVAL_SECONDS, view.elapsedSeconds * INTERVAL_GROWTH);
      stream.write(`${renderLine(view)}\n`);
    },
    finish: (view) => void stream.write(`${renderLine(view)}\n`),
  };
}

const FIRST_INTERVAL_SECONDS = 1;
/** An hour's run then writes some 80 lines, not 3,600. */
const INTERVAL_GROWTH = 0.1;
