import type { Payload } from '@p2p/swarm';

import type { Bound } from './bounds.js';
import type { LinkPresetName } from './links/presets.js';
import type { ModelCheck, ModelResult } from './model-result.js';
import type { ContentPlan } from './world/content.js';
import type { PeerPlan } from './world/peer-plan.js';
import type { World } from './world/world.js';

/** A value that `--set key=value` gives. */
export type SettingValue = string | number | boolean;

/** A choice of a scenario: its default, whose kind others must have, and what it means. */
export interface Setting {
  readonly value: SettingValue;
  readonly meaning: string;
  /** The only values allowed, if they can be listed. */
  readonly among?: readonly SettingValue[];
  /** Of a number: the smallest allowed. Default 0. */
  readonly least?: number;
  /** Of a number: the greatest allowed. Default: any. */
  readonly most?: number;
  /** It counts things: no fractions. */
  readonly isWhole?: true;
}

/** The parameters of one run. */
export interface ScenarioInput {
  readonly seed: number;
  /** Leechers. */
  readonly peers: number;
  readonly content: ContentPlan;
  /** @throws {Error} if the scenario's links are its own */
  readonly link: LinkPresetName;
  /** A setting's value, given or default. @throws {Error} for one that the scenario does not have */
  number(key: string): number;
  text(key: string): string;
  flag(key: string): boolean;
}

/** A kind of swarm: who takes part, what happens, when it is over, what is expected of it. */
export interface Scenario {
  /** `S01` and so on. */
  readonly id: string;
  /** One line for `--list`. */
  readonly title: string;
  readonly defaults: {
    readonly peers: number;
    readonly pieces: number;
    readonly pieceBytes: number;
    /** Of its peers; left out if the scenario has links of its own, so that there is none to choose. */
    readonly link?: LinkPresetName;
  };
  /** What `--set` takes, by name. */
  readonly settings: Readonly<Record<string, Setting>>;
  plan(input: ScenarioInput): ScenarioPlan;
}

/** One run of a scenario. */
export interface ScenarioPlan {
  /** Peer 0 is the bootstrap; the first that is a seeder is the one whose upload is counted. */
  readonly peers: readonly PeerPlan[];
  /** Nobody has the content: nobody is expected to finish. */
  readonly isContentMissing?: true;
  /** Virtual seconds after which the run is given up. */
  readonly limitSeconds: number;
  /** Says what else happens: called once all is set up, before time begins. Use `world.at` and `world.onEvent`. */
  script?<P extends Payload>(world: World<P>, marks: RunMarks): void;
  /** Default: every honest leecher that is alive and planned has finished. Asked after a completion, a `recheck`, and every sample. */
  isOver?<P extends Payload>(world: World<P>): boolean;
  /** The lower bound; asked after the run, for a bound of the membership that was. */
  bound<P extends Payload>(world: World<P>): Bound;
  /** Targets; `result` lacks only them. */
  checks(result: Omit<ModelResult, 'checks'>): readonly ModelCheck[];
}

/** Where a script says what it did, for the pictures and the trace. */
export interface RunMarks {
  mark(label: string): void;
  /** Counts a rare path that happened. */
  happened(name: string): void;
  /** The run may be over for another reason than a completion or a mark. */
  recheck(): void;
}

/** A target. */
export function check(name: string, rule: ModelCheck['rule'], limit: number, actual: number): ModelCheck {
  return { name, rule, limit, actual, holds: rule === 'atMost' ? actual <= limit : actual >= limit };
}
