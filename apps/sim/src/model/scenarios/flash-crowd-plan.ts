import { fluidBound, type Bound } from '../bounds.js';
import type { AccessLink } from '../links/link-model.js';
import type { ScenarioInput } from '../scenario.js';
import type { Behaviour, PeerPlan } from '../world/peer-plan.js';
import { honestNode } from './swarm-settings.js';

/** One kind of peer in a crowd. */
export interface PeerClass {
  readonly link: AccessLink;
  readonly behaviour?: Behaviour;
}

/**
 * A seeder, then the leechers, all at once; everybody knows only the seeder.
 *
 * @param classOf the kind of the leecher with this number, from 0; honest with the chosen options unless it says otherwise
 */
export function crowd(input: ScenarioInput, seederLink: AccessLink, classOf: (index: number) => PeerClass): PeerPlan[] {
  const behaviour = honestNode(input);
  const leechers = Array.from({ length: input.peers }, (_, index): PeerPlan => {
    return { role: 'leecher', behaviour, ...classOf(index) };
  });
  return [{ role: 'seeder', link: seederLink, behaviour }, ...leechers];
}

/** LB1 of such a crowd: whoever is not honest needs the file and sends nothing. */
export function crowdBound(input: ScenarioInput, [seeder, ...leechers]: readonly PeerPlan[]): Bound {
  return fluidBound({
    fileBytes: fileBytes(input),
    seederUp: seeder?.link.upBytesPerSecond ?? 0,
    leechers: leechers.map(({ link, behaviour }) => ({
      up: behaviour === undefined || behaviour.name === 'honest' ? link.upBytesPerSecond : 0,
      down: link.downBytesPerSecond,
    })),
  });
}

export function fileBytes({ content }: ScenarioInput): number {
  return content.pieces * content.pieceBytes;
}

/** Spreads `share` of the numbers from 0 evenly: whether this one is among them. */
export function isAmong(index: number, share: number): boolean {
  return Math.floor((index + 1) * share) > Math.floor(index * share);
}

/** When a run is given up: long after it should be over. */
export function patience({ seconds }: Bound): number {
  return 10 * seconds + 600;
}
