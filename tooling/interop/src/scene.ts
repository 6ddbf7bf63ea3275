import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { ClientSite } from './foreign-client.js';
import { NetworkNamespace } from './network-namespace.js';

interface Stoppable {
  stop(): Promise<void>;
}

/** One test's clients, folders and network, all of which vanish with it. */
export class Scene {
  readonly folder: string;

  readonly #namespace: NetworkNamespace | undefined;
  readonly #clients: Stoppable[] = [];
  #siteCount = 0;

  /** @param options `isPrivateNetwork`: clients live on 10.99.0.x in a namespace of their own instead of 127.x.y.z */
  static async create(options: { readonly isPrivateNetwork?: boolean } = {}): Promise<Scene> {
    const namespace = options.isPrivateNetwork === true ? NetworkNamespace.create(MAX_SITES) : undefined;
    return new Scene(await mkdtemp(join(tmpdir(), 'p2p-interop-')), namespace);
  }

  private constructor(folder: string, namespace: NetworkNamespace | undefined) {
    this.folder = folder;
    this.#namespace = namespace;
  }

  /** A path in the scene's folder. */
  path(...names: readonly string[]): string {
    return join(this.folder, ...names);
  }

  /** An address and a settings folder that nobody else has. */
  site(): ClientSite {
    const number = ++this.#siteCount;
    if (number > MAX_SITES) throw new RangeError(`a scene has room for ${MAX_SITES} clients`);
    const host = this.#namespace?.host(number) ?? loopbackHost();
    return { host, stateFolder: this.path(`client-${number}`), namespace: this.#namespace };
  }

  /** Sees to it that `client` is stopped with the scene. */
  add<T extends Stoppable>(client: T): T {
    this.#clients.push(client);
    return client;
  }

  async close(): Promise<void> {
    try {
      await Promise.all(this.#clients.map((client) => client.stop()));
    } finally {
      this.#namespace?.remove();
      await rm(this.folder, { recursive: true, force: true, maxRetries: 3 });
    }
  }
}

/** Linux answers on all of 127.0.0.0/8; the pid keeps suites that run at once apart. */
function loopbackHost(): string {
  const number = process.pid * HOSTS_PER_PROCESS + (hostCount++ % HOSTS_PER_PROCESS);
  const digits = [64 + (Math.floor(number / (254 * 256)) % 128), Math.floor(number / 254) % 256, 1 + (number % 254)];
  return `127.${digits.join('.')}`;
}

let hostCount = 0;
const MAX_SITES = 32;
const HOSTS_PER_PROCESS = 254;
