import { SimError } from '../sim-error.js';
import { isLinkPreset, LINK_PRESET_NAMES } from './links/presets.js';
import type { ModelResult } from './model-result.js';
import { nearestName } from './nearest-name.js';
import type { ModelRequest } from './run-model.js';
import type { Scenario, ScenarioInput, Setting, SettingValue } from './scenario.js';
import { SCENARIOS } from './scenarios/index.js';

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
  const link = String(settings['link'] ?? defaults.link);
  if (!isLinkPreset(link)) {
    throw new SimError('bad-option', `--set link: ${unknown('a link preset', link, LINK_PRESET_NAMES)}`);
  }
  const peers = choices.peers ?? defaults.peers;
  requireFeasible(choices, scenario, peers);
  const valueOf = (key: string): SettingValue => {
    const setting = scenario.settings[key];
    if (setting === undefined) throw new Error(`bug: scenario ${scenario.id} has no setting "${key}"`);
    return settings[key] ?? setting.value;
  };
  const input: ScenarioInput = {
    seed: choices.seed,
    peers,
    content: { pieces: choices.pieces ?? defaults.pieces, pieceBytes: choices.pieceBytes ?? defaults.pieceBytes },
    link,
    number: (key) => Number(valueOf(key)),
    text: (key) => String(valueOf(key)),
    flag: (key) => valueOf(key) === true,
  };
  return { scenario, input, linkModel: choices.linkModel, payload: choices.payload, settings };
}

/** What a mode or a model of links cannot do. */
function requireFeasible(choices: ModelChoices, scenario: Scenario, peers: number): void {
  if (choices.payload === 'bytes' && peers > MAX_BYTE_PEERS) {
    throw new SimError(
      'bad-option',
      `--payload bytes: expected at most ${MAX_BYTE_PEERS} peers, got ${peers}; use refs`,
    );
  }
  if (choices.linkModel === 'fluid' && peers > MAX_FLUID_PEERS) {
    throw new SimError(
      'bad-option',
      `--link fluid: expected at most ${MAX_FLUID_PEERS} peers, got ${peers}; use chunk`,
    );
  }
  if (choices.linkModel === 'ideal' && scenario.id !== IDEAL_SCENARIO) {
    throw new SimError('bad-option', `--link ideal: expected --scenario ${IDEAL_SCENARIO}, got ${scenario.id}`);
  }
}

function findScenario(id: string): Scenario {
  const found = SCENARIOS.find((scenario) => scenario.id.toLowerCase() === id.toLowerCase());
  if (found !== undefined) return found;
  const names = SCENARIOS.map((scenario) => scenario.id);
  throw new SimError('bad-option', `--scenario: ${unknown('a scenario', id, names)}`);
}

function parseSettings(scenario: Scenario, given: readonly string[]): Readonly<Record<string, SettingValue>> {
  const settings: Record<string, SettingValue> = {};
  const known: Readonly<Record<string, Setting>> = { ...scenario.settings, link: LINK_SETTING(scenario) };
  for (const text of given) {
    const at = text.indexOf('=');
    if (at < 1) throw new SimError('bad-option', `--set: expected key=value, got "${text}"`);
    const key = text.slice(0, at);
    const setting = known[key];
    if (setting === undefined) {
      throw new SimError('bad-option', `--set: ${unknown(`a setting of ${scenario.id}`, key, Object.keys(known))}`);
    }
    settings[key] = parseValue(key, text.slice(at + 1), setting);
  }
  return settings;
}

function parseValue(key: string, text: string, { value, among }: Setting): SettingValue {
  const parsed = readAs(value, text);
  if (parsed === undefined) {
    throw new SimError('bad-option', `--set ${key}: expected ${kindOf(value)}, got "${text}"`);
  }
  if (among !== undefined && !among.includes(parsed)) {
    throw new SimError('bad-option', `--set ${key}: ${unknown('a choice', text, among.map(String))}`);
  }
  return parsed;
}

function readAs(like: SettingValue, text: string): SettingValue | undefined {
  if (typeof like === 'string') return text;
  if (typeof like === 'number') return text.trim() !== '' && Number.isFinite(Number(text)) ? Number(text) : undefined;
  return text === 'true' ? true : text === 'false' ? false : undefined;
}

function kindOf(value: SettingValue): string {
  if (typeof value === 'boolean') return 'true or false';
  return typeof value === 'number' ? 'a number' : 'a word';
}

function unknown(what: string, found: string, names: readonly string[]): string {
  const nearest = nearestName(found, names);
  const hint = nearest === undefined ? '' : ` Did you mean ${nearest}?`;
  return `"${found}" is not ${what}.${hint} There are: ${names.join(', ')}.`;
}

/** Every scenario has it. */
const LINK_SETTING = (scenario: Scenario): Setting => ({
  value: scenario.defaults.link,
  meaning: 'the access link of peers',
  among: LINK_PRESET_NAMES,
});

/** Each holds the whole content in memory. */
const MAX_BYTE_PEERS = 100;
/** The rates of all flows are computed anew whenever one begins or ends. */
const MAX_FLUID_PEERS = 500;
/** A network without time knows no faults and no classes of links. */
const IDEAL_SCENARIO = 'S01';
