import { execFileSync } from 'node:child_process';

/**
 * A private network with addresses that are not loopback, which some rules of the clients ask for: Transmission throws
 * 127.x away when it comes by PEX, libtorrent when its sender is not local.
 */
export class NetworkNamespace {
  readonly name: string;

  /**
   * @param hostCount how many addresses 10.99.0.1, 10.99.0.2, … it gets
   * @throws {Error} without the right to make namespaces; ask {@link canMakeNetworkNamespace} first
   */
  static create(hostCount: number): NetworkNamespace {
    const namespace = new NetworkNamespace(`p2p-interop-${process.pid}-${++created}`);
    ip('netns', 'add', namespace.name);
    live.add(namespace);
    ip('-n', namespace.name, 'link', 'set', 'lo', 'up');
    for (let host = 1; host <= hostCount; host++) {
      ip('-n', namespace.name, 'address', 'add', `${namespace.host(host)}/24`, 'dev', 'lo');
    }
    return namespace;
  }

  private constructor(name: string) {
    this.name = name;
  }

  /** What stands before a command to run it in here. `ip netns exec` replaces itself, so the pid is the command's own. */
  get prefix(): readonly string[] {
    return ['ip', 'netns', 'exec', this.name];
  }

  host(number: number): string {
    return `10.99.0.${number}`;
  }

  remove(): void {
    if (live.delete(this)) ip('netns', 'delete', this.name);
  }
}

/** Whether this user may make namespaces here (root on Linux, as a rule). */
export function canMakeNetworkNamespace(): boolean {
  try {
    NetworkNamespace.create(1).remove();
    return true;
  } catch {
    return false;
  }
}

let created = 0;
const live = new Set<NetworkNamespace>();
process.once('exit', () => {
  for (const namespace of live) namespace.remove();
});

function ip(...args: readonly string[]): void {
  execFileSync('ip', args, { stdio: ['ignore', 'ignore', 'pipe'] });
}
