import { defineConfig } from 'vitest/config';

/**
 * Tests resolve workspace packages to their sources (the private `@p2p/source` condition), so they need no build.
 *
 * @param {import('vitest/config').TestUserConfig} [test] settings of one package, over the shared ones
 */
export function vitestConfig(test = {}) {
  return defineConfig({
    ssr: { resolve: { conditions: ['@p2p/source', 'module', 'node', 'development|production'] } },
    test: { include: ['test/**/*.test.ts'], testTimeout: 30_000, ...test },
  });
}
