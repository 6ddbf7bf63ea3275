import type { Runtime } from '@p2p/cli';

/** The runtime, loaded with the first order: `--help` and `--version` should not wait for sockets, files and hashes. */
export const lazyRuntime: Runtime = {
  share: async (request, context) => (await load()).share(request, context),
  get: async (request, context) => (await load()).get(request, context),
  file: async (request, context) => (await load()).file(request, context),
  list: async (request, context) => (await load()).list(request, context),
  create: async (request, context) => (await load()).create(request, context),
  info: async (source, context) => (await load()).info(source, context),
  verify: async (request, context) => (await load()).verify(request, context),
};

async function load(): Promise<Runtime> {
  const { composeRuntime } = await import('./compose.js');
  return composeRuntime();
}
