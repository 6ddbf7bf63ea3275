import { spawnSync } from 'node:child_process';

const INSIDE = 'P2P_BENCH_PRIVATE_NETWORK';
const HOST_COUNT = 16;

/**
 * Runs this program anew in a network of its own, with the addresses 10.99.0.x, which vanishes with it: nothing from
 * outside disturbs, and rtorrent takes no loopback addresses.
 *
 * @returns the exit code of that run, or nothing when this is it, or when the user may not have such a network
 */
export function rerunInPrivateNetwork(): number | undefined {
  if (process.env[INSIDE] !== undefined || !canUnshare()) return undefined;
  const addresses = hosts('10.99.0').map((host) => `ip address add ${host}/24 dev lo`);
  const script = ['set -e', 'ip link set lo up', ...addresses, 'exec "$@"'].join('\n');
  const command = [process.execPath, ...process.argv.slice(1)];
  // Ctrl-C reaches both; the inner one cleans up, so the outer one waits for it.
  process.on('SIGINT', () => undefined);
  // Each replaces itself by the next, so it is the inner one that is told when the outer one is killed.
  const wrapping = ['--pdeathsig', 'TERM', '--', 'unshare', '--net', 'sh', '-c', script, 'sh'];
  const { status } = spawnSync('setpriv', [...wrapping, ...command], {
    stdio: 'inherit',
    env: { ...process.env, [INSIDE]: '1' },
  });
  return status ?? 1;
}

/** An address for each of the programs measured at once. */
export function hostNumber(number: number): string {
  const all = hosts(process.env[INSIDE] === undefined ? '127.99.0' : '10.99.0');
  const host = all[number - 1];
  if (host === undefined) throw new RangeError(`expected a number from 1 to ${HOST_COUNT}, got ${number}`);
  return host;
}

function hosts(prefix: string): readonly string[] {
  return Array.from({ length: HOST_COUNT }, (_, index) => `${prefix}.${index + 1}`);
}

function canUnshare(): boolean {
  return (
    spawnSync('setpriv', ['--pdeathsig', 'TERM', '--', 'unshare', '--net', 'ip', 'link', 'set', 'lo', 'up'], {
      stdio: 'ignore',
    }).status === 0
  );
}
