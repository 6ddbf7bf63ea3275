/** State, then event, then the state after it. */
export type Transitions = Readonly<Record<string, Readonly<Record<string, string>>>>;

/** A transition table as mermaid draws it, in the order of the table. */
export function renderStateDiagram(transitions: Transitions): string {
  const arrows = Object.entries(transitions).flatMap(([from, row]) =>
    Object.entries(row).map(([event, to]) => `  ${from} --> ${to}: ${event}\n`),
  );
  return `stateDiagram-v2\n${arrows.join('')}`;
}
