import type { Observation } from './observation.js';
import type { SwarmView } from './swarm-view.js';

/**
 * One invariant. It sees everything and touches nothing; what it finds wrong it says, in a sentence with names and times.
 *
 * The view has taken the observation in already.
 */
export interface Checker {
  /** `S1` and so on (simulation.md, A.7). */
  readonly name: string;
  observe(observation: Observation, view: SwarmView, complain: Complain): void;
}

export type Complain = (what: string) => void;

/** What a checker found: `S3 at 12.031 s: …`. */
export interface Violation {
  readonly checker: string;
  readonly at: number;
  readonly what: string;
}
