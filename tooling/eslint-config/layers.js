/**
 * Who may import whom.
 *
 *     apps/peer ─┬─> cli ────────────────> wire      apps/sim ──> cli, swarm, swarm/testing, wire
 *                ├─> swarm, swarm/node ──> wire      wire ─────> (nothing at all)
 *                └─> storage ────────────> wire      cli, swarm and storage never see each other
 *
 * ESLint does not merge two settings of one rule: the last that matches a file wins. Each scope below therefore lists
 * all that binds it.
 *
 * @param {string} location the package's folder, from the repository's root: `packages/wire`
 * @returns {import('eslint').Linter.Config[]}
 */
export function layers(location) {
  return [
    { rules: { 'no-restricted-imports': forbid(everywhere) } },
    ...(location.startsWith('packages/') ? [{ rules: { 'no-restricted-syntax': syntax(everywhere) } }] : []),
    ...(scopes[location] ?? []),
  ];
}

/** @typedef {{ regex: string, message: string }} ImportPattern */

/** @type {ImportPattern} */
const deepImports = {
  regex: '^@p2p/[^/]+/(src|dist)(/|$)',
  message: 'Import from an entry point listed in the package’s `exports`; what is not exported there is private.',
};

/** @type {ImportPattern} */
const otherPackagesByPath = {
  regex: '^(\\.\\./)+((packages|apps|tooling)/|[^./][^/]*/(src|dist)/)',
  message: 'Import another package by its name (`@p2p/…`), and declare it in package.json.',
};

const everywhere = [deepImports, otherPackagesByPath];

/** @type {ImportPattern} */
const wireImportsNothing = {
  regex: '^[^.]',
  message: 'wire imports nothing, so that it runs in any JavaScript: write it here, or let the caller pass it in.',
};

/** @type {ImportPattern} */
const swarmOnlyWire = {
  regex: '^(?!\\.|@p2p/wire$)',
  message: 'swarm imports only @p2p/wire: take it from a port (src/ports.ts) and provide it in src/node/.',
};

/** @type {ImportPattern} */
const swarmNodeOnlyWire = {
  regex: '^(?!\\.|node:|@p2p/wire$)',
  message: 'swarm/node imports only node:* and @p2p/wire: an app joins it with storage and the command line.',
};

/** @type {ImportPattern} */
const coreKnowsNoPorts = {
  regex: '^(\\.\\./)+(ports|swarm|peer-node|node|testing|index)(\\.js$|/|$)',
  message:
    'core is pure: it is told by an Input (input.ts) and answers by an Effect (effect.ts); the shell has the ports.',
};

/**
 * The rooms of swarm/src/core, and whom each may know besides what lies in core/ itself (ARCHITECTURE.md has the table).
 *
 * @type {Record<string, string[]>}
 */
const roomsOfCore = {
  addresses: [],
  pieces: [],
  downloading: ['addresses', 'pieces'],
  uploading: ['pieces'],
  extensions: ['addresses', 'pieces'],
  links: ['addresses', 'extensions'],
};

/**
 * @param {string[]} known
 * @returns {ImportPattern}
 */
function roomKnowsOnly(known) {
  const others = Object.keys(roomsOfCore).filter((room) => !known.includes(room));
  return {
    regex: `^(\\.\\./)+(${others.join('|')})/`,
    message:
      'A room of the core knows only the rooms that ARCHITECTURE.md names: what two of them share lies in core/.',
  };
}

/** @type {ImportPattern} */
const testingIsPlain = {
  regex: '^(?!\\.|@p2p/wire$)',
  message: 'swarm/testing also runs in the simulator and in browsers: no test runner, no node:*; only @p2p/wire.',
};

/** @type {ImportPattern} */
const nodeDirectoryIsForApps = {
  regex: '^(\\.\\./|\\./)+node(/|\\.js$|$)',
  message: 'Only an app chooses the real ports: depend on the interfaces of src/ports.ts.',
};

/** @type {ImportPattern} */
const storageOnlyWire = {
  regex: '^(?!\\.|node:|@p2p/wire$)',
  message: 'storage imports only node:* and @p2p/wire: it knows no peer and no third party.',
};

/** @type {ImportPattern} */
const storageKnowsNoNetwork = {
  regex: '^node:(net|http|https|http2|dgram|tls|dns|child_process|cluster)(/|$)',
  message: 'storage owns bytes at rest: the network belongs to swarm/node, processes to the apps.',
};

/** @type {ImportPattern} */
const formatsArePure = {
  regex: '^node:',
  message: 'A format turns bytes into values and back: let the caller read and write the file.',
};

/** @type {ImportPattern} */
const cliKnowsNoWorld = {
  regex: '^(node:(net|fs|http|https|http2|dgram|tls|dns|child_process|cluster)(/|$)|@p2p/(swarm|storage)(/|$))',
  message: 'cli turns argv into options and events into text: take it from the runtime that createProgram is given.',
};

/** @type {ImportPattern} */
const simRunsOnModels = {
  regex: '^@p2p/(swarm/node|storage|peer)(/|$)',
  message:
    'sim simulates the pure core, or starts the built node as a process: it opens no socket and no store itself.',
};

/** @type {ImportPattern} */
const nodeIsReal = {
  regex: '^@p2p/(swarm/testing|sim)(/|$)',
  message: 'The node runs on real ports: what is virtual is for tests and the simulator.',
};

const noAsync = 'core never waits, so that nothing can race: return an Effect, and get the answer as an Input.';
const syntaxOfCore = [
  { selector: ':function[async=true]', message: noAsync },
  { selector: 'AwaitExpression', message: noAsync },
  { selector: 'ForOfStatement[await=true]', message: noAsync },
  { selector: 'ImportExpression', message: noAsync },
  { selector: 'Identifier[name=/^(Promise|PromiseLike|Async(Iterable|Iterator|Generator))$/]', message: noAsync },
];

const syntaxOfPackages = [
  { selector: 'ExportDefaultDeclaration', message: 'Export by name: one thing has one name everywhere.' },
  { selector: 'TSEnumDeclaration', message: 'Use an `as const` object, or a union of strings.' },
];

/** @type {Record<string, import('eslint').Linter.Config[]>} */
const scopes = {
  'packages/wire': [scope(['src/**'], wireImportsNothing)],
  'packages/storage': [
    scope(['src/**'], storageOnlyWire, storageKnowsNoNetwork),
    scope(['src/**/*-format.ts'], storageOnlyWire, formatsArePure),
  ],
  'packages/swarm': [
    scope(['src/**'], swarmOnlyWire, nodeDirectoryIsForApps),
    scope(['src/node/**'], swarmNodeOnlyWire),
    scope(['src/testing/**'], testingIsPlain, nodeDirectoryIsForApps),
    scope(['src/core/**'], swarmOnlyWire, coreKnowsNoPorts),
    ...Object.entries(roomsOfCore).map(([room, known]) =>
      scope([`src/core/${room}/**`], swarmOnlyWire, coreKnowsNoPorts, roomKnowsOnly(known)),
    ),
    { files: ['src/core/**'], rules: { 'no-restricted-syntax': syntax(everywhere, syntaxOfCore) } },
  ],
  'packages/cli': [scope(['src/**'], cliKnowsNoWorld)],
  'apps/peer': [scope(['src/**'], nodeIsReal)],
  'apps/sim': [scope(['src/**'], simRunsOnModels)],
  // It checks the inside of packages, not only what they export.
  'tooling/repo-checks': [{ rules: { 'no-restricted-imports': forbid([deepImports]) } }],
};

/**
 * @param {string[]} files
 * @param {ImportPattern[]} patterns
 * @returns {import('eslint').Linter.Config}
 */
function scope(files, ...patterns) {
  const all = [...everywhere, ...patterns];
  return { files, rules: { 'no-restricted-imports': forbid(all), 'no-restricted-syntax': syntax(all) } };
}

/**
 * @param {ImportPattern[]} patterns
 * @returns {import('eslint').Linter.RuleEntry}
 */
function forbid(patterns) {
  return ['error', { patterns }];
}

/**
 * `no-restricted-imports` sees no `import(…)`, so the same patterns are selectors here.
 *
 * @param {ImportPattern[]} patterns
 * @param {{ selector: string, message: string }[]} [extra]
 * @returns {import('eslint').Linter.RuleEntry}
 */
function syntax(patterns, extra = []) {
  const dynamicImports = patterns.map(({ regex, message }) => ({
    selector: `ImportExpression[source.value=/${new RegExp(regex).source}/]`,
    message,
  }));
  return ['error', ...syntaxOfPackages, ...dynamicImports, ...extra];
}
