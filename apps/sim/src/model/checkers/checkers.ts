import { BytesAreConserved } from './bytes-are-conserved.js';
import { CapsHold } from './caps-hold.js';
import type { Checker, Violation } from './checker.js';
import { CleanStop } from './clean-stop.js';
import { CoreCompletes } from './core-completes.js';
import { CoreIsOneComponent } from './core-is-one-component.js';
import { FinishedFileIsOriginal } from './finished-file-is-original.js';
import { NoFalseClaim } from './no-false-claim.js';
import { NoHonestBan } from './no-honest-ban.js';
import { NoIdleLink } from './no-idle-link.js';
import { NoStuckRequest } from './no-stuck-request.js';
import type { Observation } from './observation.js';
import { OneAnswerARequest } from './one-answer-a-request.js';
import { OneSessionAPair } from './one-session-a-pair.js';
import { OnlyVerifiedIsOffered } from './only-verified-is-offered.js';
import { PeerExchangeRules } from './peer-exchange-rules.js';
import { PromisesAreSettled } from './promises-are-settled.js';
import type { SometimesCounter } from './sometimes.js';
import { SwarmView } from './swarm-view.js';

/** All invariants over one run: takes what the world shows, keeps what the checkers say. */
export class Checkers {
  readonly view: SwarmView;
  readonly violations: Violation[] = [];
  readonly #checkers: readonly Checker[] = [
    new OnlyVerifiedIsOffered(),
    new FinishedFileIsOriginal(),
    new OneAnswerARequest(),
    new BytesAreConserved(),
    new CapsHold(),
    new OneSessionAPair(),
    new PeerExchangeRules(),
    new NoHonestBan(),
    new NoFalseClaim(),
    new CleanStop(),
    new PromisesAreSettled(),
    new CoreCompletes(),
    new CoreIsOneComponent(),
    new NoStuckRequest(),
    new NoIdleLink(),
  ];
  readonly #sometimes: SometimesCounter;

  constructor(pieceCount: number, sometimes: SometimesCounter) {
    this.view = new SwarmView(pieceCount);
    this.#sometimes = sometimes;
  }

  take(observation: Observation): void {
    this.view.take(observation);
    this.#sometimes.observe(observation, this.view);
    for (const checker of this.#checkers) {
      checker.observe(observation, this.view, (what) => {
        if (this.violations.length >= MAX_VIOLATIONS) return;
        this.violations.push({ checker: checker.name, at: observation.at, what });
      });
    }
  }
}

export function formatViolation({ checker, at, what }: Violation): string {
  return `${checker} at ${(at / 1_000).toFixed(3)} s: ${what}`;
}

/** One broken rule is usually broken again and again. */
const MAX_VIOLATIONS = 20;
