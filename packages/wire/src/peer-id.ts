import { PEER_ID_BYTES } from './constants.js';
import { printable } from './printable.js';
import { bytesToLatin1 } from './utf8.js';

const RANDOM_BYTES = 12;
const DEFAULT_VERSION = '0100';

const CLIENT_NAMES: ReadonlyMap<string, string> = new Map([
  ['7T', 'aTorrent'],
  ['AZ', 'Vuze'],
  ['BC', 'BitComet'],
  ['BI', 'BiglyBT'],
  ['DE', 'Deluge'],
  ['FD', 'Free Download Manager'],
  ['GT', 'anacrolix/torrent'],
  ['KT', 'KTorrent'],
  ['LT', 'libtorrent'],
  ['PN', 'p2p-peer'],
  ['TR', 'Transmission'],
  ['UT', 'µTorrent'],
  ['WD', 'WebTorrent Desktop'],
  ['WW', 'WebTorrent'],
  ['lt', 'libTorrent (rtorrent)'],
  ['qB', 'qBittorrent'],
  ['rQ', 'rqbit'],
]);

/**
 * A peer id of this system: `-PN`, the version, `-`, and the random bytes. 20 bytes (a new array).
 *
 * @param random 12 random bytes
 * @param version four letters or digits; 0100 is 0.1.0
 * @throws {RangeError} if either has another form
 * @see BEP 20
 */
export function createPeerId(random: Uint8Array, version: string = DEFAULT_VERSION): Uint8Array {
  if (random.length !== RANDOM_BYTES) {
    throw new RangeError(`random: expected ${RANDOM_BYTES} bytes, got ${random.length}`);
  }
  if (!/^[0-9A-Za-z]{4}$/.test(version)) {
    throw new RangeError(`version: expected four letters or digits, got "${version}"`);
  }
  const id = new Uint8Array(PEER_ID_BYTES);
  const prefix = `-PN${version}-`;
  for (let index = 0; index < prefix.length; index++) id[index] = prefix.charCodeAt(index);
  id.set(random, prefix.length);
  return id;
}

/**
 * Which client a peer id names, safe to show: `Transmission 3.0.0`, or what can be read of an id we do not know.
 *
 * @see BEP 20
 */
export function describeClient(peerId: Uint8Array): string {
  const text = bytesToLatin1(peerId.subarray(0, PEER_ID_BYTES));
  const azureus = /^-([A-Za-z0-9]{2})([0-9A-Za-z]{4})[-A-Za-z0-9]/.exec(text);
  const [, code = '', digits = ''] = azureus ?? [];
  if (azureus !== null) return `${CLIENT_NAMES.get(code) ?? code} ${formatVersion(digits)}`;
  const aria2 = /^A2-(\d{1,3})-(\d{1,3})-(\d{1,3})-/.exec(text);
  if (aria2 !== null) return `aria2 ${aria2.slice(1).join('.')}`;
  return `unknown (${printable(text.slice(0, 8)).replace(/[^\u0020-\u007E]/g, '?')})`;
}

/** One letter or digit a part; a fourth of 0 is not worth showing. */
function formatVersion(digits: string): string {
  const parts = Array.from(digits, (digit) => parseInt(digit, 36));
  return (parts[3] === 0 ? parts.slice(0, 3) : parts).join('.');
}
