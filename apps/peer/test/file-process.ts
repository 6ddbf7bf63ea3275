import { PeerProcess } from './peer-process.js';
import type { ScratchFolder } from './scratch-folder.js';

/** `p2p-peer --port 0 --file NAME …`, with a state folder of its own. */
export function startFile(scratch: ScratchFolder, name: string, ...more: readonly string[]): PeerProcess {
  return new PeerProcess(['--file', scratch.at(name), ...more, ...scratch.local(`state-${name}`), '--json']);
}
