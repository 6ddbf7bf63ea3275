/**
 * Time, chance and the outside world come in through ports, so that the same code runs in virtual time with the same
 * outcome for the same seed. Bound by this: all of `wire`, and `swarm` except its real ports in `src/node`.
 *
 * ESLint's rule sees only the bare name (`Date`, not `globalThis.Date`), hence `globalThis` is itself on the list; a name
 * used only as a type is not reported.
 *
 * @param {string} location the package's folder, from the repository's root: `packages/wire`
 * @returns {import('eslint').Linter.Config[]}
 */
export function determinism(location) {
  if (location !== 'packages/wire' && location !== 'packages/swarm') return [];
  return [{ files: ['src/**'], ignores: ['src/node/**'], rules }];
}

const remedies = {
  time: 'Take it from ports: the time is given as `now`, and a wake-up is asked for by `nextWakeup()` or `Clock`.',
  chance: 'Take it from ports: the injected `Random`.',
  world: 'Take it from ports, or let the caller pass it in: this code runs in any JavaScript.',
  order: 'It depends on the machine’s locale: compare with < and >, or byte by byte.',
  collector: 'When the garbage collector runs is chance: say when something is over.',
  bytes: 'Use Uint8Array and DataView: Buffer exists only in Node.',
};

const restrictedGlobals = [
  ...['Date', 'performance', 'setTimeout', 'setInterval', 'setImmediate'].map((name) => [name, remedies.time]),
  ...['clearTimeout', 'clearInterval', 'clearImmediate', 'queueMicrotask'].map((name) => [name, remedies.time]),
  ...['crypto'].map((name) => [name, remedies.chance]),
  ...['process', 'globalThis', 'global', 'self', 'window', 'console'].map((name) => [name, remedies.world]),
  ...['fetch', 'WebSocket', 'EventSource', 'navigator', 'Worker', 'MessageChannel', 'BroadcastChannel'].map((name) => [
    name,
    remedies.world,
  ]),
  ...['WeakRef', 'FinalizationRegistry'].map((name) => [name, remedies.collector]),
  ...['Intl'].map((name) => [name, remedies.order]),
  ...['Buffer'].map((name) => [name, remedies.bytes]),
].map(([name, message]) => ({ name, message }));

/** @type {import('eslint').Linter.RulesRecord} */
const rules = {
  'no-restricted-globals': ['error', ...restrictedGlobals],
  'no-restricted-properties': [
    'error',
    { object: 'Math', property: 'random', message: remedies.chance },
    { object: 'AbortSignal', property: 'timeout', message: remedies.time },
    ...['localeCompare', 'toLocaleString', 'toLocaleUpperCase', 'toLocaleLowerCase'].map((property) => ({
      property,
      message: remedies.order,
    })),
  ],
};
