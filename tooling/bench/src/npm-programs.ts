import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

/**
 * What is measured against from the npm registry, in a folder of its own: nothing here may come into our lock file.
 *
 * 2.8.5 is the last WebTorrent for Node 20. It is given no WebRTC, whose native part its install script would fetch, and
 * the uint8-util with which it works.
 */
const VERSIONS = { webtorrent: '2.8.5', 'bittorrent-protocol': '4.1.21' };
const OVERRIDES = { 'uint8-util': '2.2.5', 'webrtc-polyfill': 'file:./webrtc-stub' };
const STUB =
  'export const RTCPeerConnection = undefined, RTCSessionDescription = undefined, RTCIceCandidate = undefined;\n';

/** Where they are, or will be. */
export function npmFolder(): string {
  const cache = process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache');
  return join(cache, 'p2p-bench', `webtorrent-${VERSIONS.webtorrent}`);
}

export function isNpmInstalled(): boolean {
  return existsSync(join(npmFolder(), 'node_modules', 'webtorrent', 'package.json'));
}

/** Fetches them from the npm registry, once; says so. Without a network they stay missing. */
export function installNpmPrograms(): void {
  if (isNpmInstalled()) return;
  console.error(`installing webtorrent ${VERSIONS.webtorrent} from the npm registry into ${npmFolder()}`);
  const folder = `${npmFolder()}.${process.pid}`;
  mkdirSync(join(folder, 'webrtc-stub'), { recursive: true });
  const stub = { name: 'webrtc-polyfill', version: '1.2.2', type: 'module', exports: './index.js' };
  writeFileSync(join(folder, 'webrtc-stub', 'package.json'), JSON.stringify(stub));
  writeFileSync(join(folder, 'webrtc-stub', 'index.js'), `${STUB}export default {};\n`);
  const manifest = { name: 'p2p-bench-programs', private: true, dependencies: VERSIONS, overrides: OVERRIDES };
  writeFileSync(join(folder, 'package.json'), JSON.stringify(manifest));
  const args = ['install', '--ignore-scripts', '--no-audit', '--no-fund', '--silent'];
  const { status } = spawnSync('npm', args, { cwd: folder, stdio: ['ignore', 'ignore', 'inherit'] });
  if (status === 0) renameSync(folder, npmFolder());
  else console.error('npm install failed');
  rmSync(folder, { recursive: true, force: true });
}
