import { existsSync } from 'node:fs';

/** Where Debian puts it; `CHROMIUM_PATH` names another place. */
export const CHROMIUM = process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium';

/** Whether pages can be tried in a browser; in continuous integration they must be. */
export function hasChromium(): boolean {
  const isThere = existsSync(CHROMIUM);
  if (!isThere && process.env['CI'] === 'true')
    throw new Error(`${CHROMIUM} is missing, and CI=true: install chromium`);
  return isThere;
}

/** No sandbox, for continuous integration runs as root; and nothing that would look for the network. */
export const CHROMIUM_ARGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];
