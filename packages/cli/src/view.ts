import type { LogLevel } from './log-level.js';
import type { NodeEvent } from './node-event.js';
import { isSteerable, type Terminal } from './terminal.js';

/** Shows what happens in one of the forms a caller can choose. */
export interface View {
  show(event: NodeEvent): void;
  /** A diagnostic; it goes to stderr. */
  log(level: LogLevel, message: string): void;
  /** The result of a command: as events in `--json`, in words (names made safe already) everywhere else. */
  report(events: readonly NodeEvent[], text: string): void;
  /** Leaves the terminal as it was found. */
  close(): void;
}

/** The choices of `--json`, `--quiet` and `--log-level`. */
export interface OutputSettings {
  readonly json: boolean;
  readonly quiet: boolean;
  readonly logLevel: LogLevel;
}

/**
 * The view that fits the choices and the terminal.
 *
 * Views are loaded when they are needed: `--help` and `--version` should not wait for them.
 */
export async function openView(settings: OutputSettings, terminal: Terminal): Promise<View> {
  if (settings.json) {
    const { JsonView } = await import('./json-view.js');
    return new JsonView(terminal, settings);
  }
  const { ProgressView } = await import('./progress-view.js');
  if (settings.quiet || !isSteerable(terminal.stdout, terminal.environment))
    return new ProgressView(terminal, settings);
  const { openLiveLine } = await import('./live-line.js');
  return new ProgressView(terminal, settings, openLiveLine(terminal.stdout));
}
