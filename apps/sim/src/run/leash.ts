/**
 * Loaded into every node of a run before the node's own program: ties its life to that of the runner.
 *
 * A runner that is stopped or fails ends its nodes itself. One that is killed with -9 cannot; then the channel between
 * them closes, each node notices here, removes the run's folder (unless it was to be kept) and ends.
 */
import { rmSync } from 'node:fs';
import { isMainThread } from 'node:worker_threads';

if (isMainThread && process.channel) {
  process.once('disconnect', () => {
    const folder = process.env['P2P_SIM_FOLDER'];
    try {
      if (folder) rmSync(folder, { recursive: true, force: true });
    } finally {
      process.exit(EXIT_ORPHANED);
    }
  });
  // The node ends when its own work ends, as it would without us.
  process.channel.unref();
}

/** As a shell reports a process ended by SIGKILL. */
const EXIT_ORPHANED = 137;
