import { defineConfig } from 'vitest/config';

/** All suites in one process, for `pnpm check` and the editor. Exchanges with real clients run only in `npm test`. */
export default defineConfig({
  test: {
    projects: ['{packages,apps}/*/vitest.config.ts', 'tooling/{bench,eslint-config,repo-checks}/vitest.config.ts'],
    coverage: { provider: 'v8', include: ['packages/*/src/**'] },
  },
});
