/** One WebTorrent. Arguments: FOLDER (of node_modules) HOST TORRENT OUT MODE [PEER]; MODE is "stay" or "leave". */
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

/** What we use of it; it comes without types. */
interface Torrent {
  on(event: 'done' | 'ready', listener: () => void): void;
  addPeer(address: string): boolean;
}
interface Client {
  on(event: 'error', listener: (error: Error) => void): void;
  on(event: 'listening', listener: () => void): void;
  add(torrent: string, options: object, ready: (torrent: Torrent) => void): Torrent;
  destroy(done: () => void): void;
}

const [folder = '', host = '', torrentPath = '', out = '', mode = 'stay', peer] = process.argv.slice(2);
const path = createRequire(join(folder, 'package.json')).resolve('webtorrent');
// eslint-disable-next-line p2p/no-type-assertion -- it comes without types; VERSIONS in npm-programs.ts pins what it is
const { default: WebTorrent } = (await import(pathToFileURL(path).href)) as {
  default: new (options: object) => Client;
};
const quiet = { dht: false, lsd: false, natUpnp: false, natPmp: false, utp: false, webSeeds: false, tracker: false };
const client = new WebTorrent({ ...quiet, torrentPort: listenPort(), maxConns: 200 });
client.on('error', (error) => {
  throw error;
});
const torrent = client.add(torrentPath, { path: out, announce: [] }, (ready) => {
  if (peer !== undefined) ready.addPeer(peer);
});
torrent.on('done', () => {
  console.log('complete');
  if (mode === 'leave') client.destroy(() => process.exit());
});

/** It listens on every address, so its port must be its own: one for each host. */
function listenPort(): number {
  return 42_000 + Number(host.split('.').at(-1));
}
