import { afterEach, beforeEach } from 'vitest';

import { stopAll } from './peer-process.js';
import { ScratchFolder } from './scratch-folder.js';

/** For each test of a file an empty folder of its own; the processes that a test left are ended before it goes. */
export function useScratchFolder(): ScratchFolder {
  const scratch = new ScratchFolder();
  beforeEach(() => {
    scratch.renew();
  });
  afterEach(async () => {
    await stopAll();
    scratch.remove();
  });
  return scratch;
}
