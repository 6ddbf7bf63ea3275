import type { Command } from 'commander';

import type { NodeEvent } from './node-event.js';
import type { CommandContext, Runtime } from './runtime.js';

/** What the commands are given: the runtime, and a place to do their work in. */
export interface CommandHost {
  readonly runtime: Runtime;
  /** Opens the view that the options of `command` ask for, does the work in it, reports a failure, closes the view. */
  perform(command: Command, work: (context: WorkContext) => Promise<void>): Promise<void>;
}

export interface WorkContext extends CommandContext {
  /** Tells the result: as events in `--json`, in words (names made safe already) everywhere else. */
  readonly report: (events: readonly NodeEvent[], text: string) => void;
}
