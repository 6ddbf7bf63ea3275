import { createLogUpdate } from 'log-update';

import type { OutputStream } from './terminal.js';

/** Text at the bottom of a terminal that is drawn over again. */
export interface LiveLine {
  /** Replaces what is shown. */
  update(text: string): void;
  /** Takes it away, so that ordinary lines can be written; the next `update` draws below them. */
  clear(): void;
}

/** A live line on a terminal. */
export function openLiveLine(stream: OutputStream): LiveLine {
  // The cursor stays visible: should we die by a signal, nobody has to type `reset`.
  const logUpdate = createLogUpdate(stream, { showCursor: true });
  return {
    update: (text) => {
      logUpdate(text);
    },
    clear: () => {
      logUpdate.clear();
    },
  };
}
