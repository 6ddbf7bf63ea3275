import { formatBytes } from '@p2p/cli';

import { SimError } from '../sim-error.js';
import { isLinkPreset, LINK_PRESET_NAMES } from './links/presets.js';
import type { ModelResult } from './model-result.js';
import { nearestName } from './nearest-name.js';
import type { ModelRequest } from './run-model.js';
import type { Scenario, ScenarioInput, Setting, SettingValue } from './scenario.js';
import { SCENARIOS } from './scenarios/index.js';
import { MAX_REAL_BYTES, type ContentPlan } from './world/content.js';

/** What a person asked for; what is missing is the scenario's default. */
export interface ModelChoices {
  readonly scenario: string;
  readonly seed: number;
  readonly peers?: number | undefined;
  readonly pieces?: number | undefined;
  /** Bytes of a piece. */
  readonly pieceBytes?: number | undefined;
  readonly linkModel: ModelResult['linkModel'];
  readonly payload: 'refs' | 'bytes';
  /** `key=value`, as typed. */
  readonly set?: readonly string[];
}

/**
 * Completes and checks what a person asked for.
 *
 * @throws {SimError} `bad-option`, naming the option, what was expected, what was found, and what may have been meant
 */
export function resolveModelRequest(choices: ModelChoices): ModelRequest {
  const scenario = findScenario(choices.scenario);
  const settings = parseSettings(scenario, choices.set ?? []);
  const { defaults } = scenario;
  const link = settings['link'] ?? defaults.link;
  const peers = choices.peers ?? defaults.peers;
  const content = { pieces: choices.pieces ?? defaults.pieces, pieceBytes: choices.pieceBytes ?? defaults.pieceBytes };
  if (choices.payload === 'bytes') requireRoomForBytes(peers, content);
  if (choices.linkModel === 'fluid') requireFewPeers(peers);
  if (choices.linkModel === 'ideal') requireNoTime(choices, scenario, Object.keys(settings));
  const valueOf = (key: string): SettingValue => {
    const setting = scenario.settings[key];
    if (setting === undefined) throw new Error(`bug: scenario ${scenario.id} has no setting "${key}"`);
    return settings[key] ?? setting.value;
  };
  const input: ScenarioInput = {
    seed: choices.seed,
    peers,
    content,
    get link() {
      if (typeof link !== 'string' || !isLinkPreset(link))
        throw new Error(`bug: the links of ${scenario.id} are its own`);
      return link;
    },
    number: (key) => Number(valueOf(key)),
    text: (key) => String(valueOf(key)),
    flag: (key) => valueOf(key) === true,
  };
  const { linkModel, payload } = choices;
  return {
    scenario,
    input,
    linkModel,
    payload,
    settings,
    command: commandOf({ scenario, input, linkModel, payload, settings }),
  };
}

/** Everything that the run depends on, defaults too: they may be others in another version. */
function commandOf({ scenario, input, linkModel, payload, settings }: Omit<ModelRequest, 'command'>): string {
  const { peers, seed, content } = input;
  return [
    `p2p-sim model --scenario ${scenario.id} --peers ${peers} --seed ${seed}`,
    `--pieces ${content.pieces} --piece-size ${content.pieceBytes}`,
    ...(linkModel === 'chunk' ? [] : [`--link ${linkModel}`]),
    ...(payload === 'refs' ? [] : [`--payload ${payload}`]),
    ...Object.entries(settings).map(([key, value]) => `--set ${key}=${value}`),
  ].join(' ');
}

function requireRoomForBytes(peers: number, { pieces, pieceBytes }: ContentPlan): void {
  if (peers > MAX_BYTE_PEERS) {
    throw new SimError(
      'bad-option',
      `--payload bytes: expected at most ${MAX_BYTE_PEERS} peers, got ${peers}; use refs`,
    );
  }
  const bytes = pieces * pieceBytes;
  if (bytes > MAX_REAL_BYTES) {
    throw new SimError(
      'bad-option',
      `--payload bytes: expected at most ${formatBytes(MAX_REAL_BYTES)} of content, got ${formatBytes(bytes)}; use refs, or fewer --pieces`,
    );
  }
}

function requireFewPeers(peers: number): void {
  if (peers <= MAX_FLUID_PEERS) return;
  throw new SimError('bad-option', `--link fluid: expected at most ${MAX_FLUID_PEERS} peers, got ${peers}; use chunk`);
}

/** A network without time knows no faults, no classes of links, no blocks and no options of nodes. */
function requireNoTime(choices: ModelChoices, scenario: Scenario, settings: readonly string[]): void {
  if (scenario.id !== IDEAL_SCENARIO) {
    throw new SimError('bad-option', `--link ideal: expected --scenario ${IDEAL_SCENARIO}, got ${scenario.id}`);
  }
  if (choices.payload !== 'refs') {
    throw new SimError('bad-option', `--link ideal: expected --payload refs, got ${choices.payload}`);
  }
  const ignored = settings.find((key) => key !== 'link');
  if (ignored === undefined) return;
  throw new SimError(
    'bad-option',
    `--link ideal: expected no --set but link=NAME, got ${ignored}: it has no part in it`,
  );
}

function findScenario(id: string): Scenario {
  const found = SCENARIOS.find((scenario) => scenario.id.toLowerCase() === id.toLowerCase());
  if (found !== undefined) return found;
  const names = SCENARIOS.map((scenario) => scenario.id);
  throw new SimError('bad-option', `--scenario: ${unknown('a scenario', id, names)}`);
}

function parseSettings(scenario: Scenario, given: readonly string[]): Readonly<Record<string, SettingValue>> {
  const settings: Record<string, SettingValue> = {};
  const known = new Map(Object.entries(scenario.settings));
  const { link } = scenario.defaults;
  if (link !== undefined) known.set('link', { value: link, meaning: LINK_MEANING, among: LINK_PRESET_NAMES });
  for (const text of given) {
    const at = text.indexOf('=');
    if (at < 1) throw new SimError('bad-option', `--set: expected key=value, got "${text}"`);
    const key = text.slice(0, at);
    const setting = known.get(key);
    if (setting === undefined) {
      throw new SimError('bad-option', `--set: ${unknown(`a setting of ${scenario.id}`, key, [...known.keys()])}`);
    }
    settings[key] = parseValue(key, text.slice(at + 1), setting);
  }
  return settings;
}

function parseValue(key: string, text: string, setting: Setting): SettingValue {
  const { among } = setting;
  const parsed = readAs(setting, text);
  if (parsed === undefined) {
    throw new SimError('bad-option', `--set ${key}: expected ${kindOf(setting)}, got "${text}"`);
  }
  if (among !== undefined && !among.includes(parsed)) {
    throw new SimError('bad-option', `--set ${key}: ${unknown('a choice', text, among.map(String))}`);
  }
  return parsed;
}

function readAs({ value, ...bounds }: Setting, text: string): SettingValue | undefined {
  if (typeof value === 'string') return text;
  if (typeof value === 'number') return readNumber(text, bounds);
  return text === 'true' ? true : text === 'false' ? false : undefined;
}

function readNumber(
  text: string,
  { least = 0, most = Infinity, isWhole }: Pick<Setting, 'least' | 'most' | 'isWhole'>,
): number | undefined {
  const number = text.trim() === '' ? NaN : Number(text);
  const isAllowed = Number.isFinite(number) && number >= least && number <= most;
  return isAllowed && (isWhole !== true || Number.isInteger(number)) ? number : undefined;
}

function kindOf({ value, least = 0, most, isWhole }: Setting): string {
  if (typeof value === 'boolean') return 'true or false';
  if (typeof value === 'string') return 'a word';
  return `a ${isWhole === true ? 'whole ' : ''}number from ${least}${most === undefined ? '' : ` to ${most}`}`;
}

function unknown(what: string, found: string, names: readonly string[]): string {
  const nearest = nearestName(found, names);
  const hint = nearest === undefined ? '' : ` Did you mean ${nearest}?`;
  return `"${found}" is not ${what}.${hint} There are: ${names.join(', ')}.`;
}

const LINK_MEANING = 'the access link of peers';
/** Each holds the whole content in memory. */
const MAX_BYTE_PEERS = 100;
/** The rates of all flows are computed anew whenever one begins or ends. */
const MAX_FLUID_PEERS = 500;
const IDEAL_SCENARIO = 'S01';
