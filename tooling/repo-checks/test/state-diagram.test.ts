// Goal: the diagram that people read is the table that the code runs by.
import { describe, expect, it } from 'vitest';

import { TRANSITIONS } from '../../../packages/swarm/src/core/session-states.js';
import { fencesOf } from '../src/markdown.js';
import { renderStateDiagram } from '../src/session-diagram.js';
import { readText } from '../src/workspace.js';

describe('the state diagram in ARCHITECTURE.md', () => {
  it('shows exactly the transitions of packages/swarm/src/core/session-states.ts', () => {
    const diagrams = fencesOf(readText('ARCHITECTURE.md')).filter((fence) => fence.language === 'mermaid');
    expect(diagrams.map((fence) => fence.text)).toContain(renderStateDiagram(TRANSITIONS));
  });

  it('is drawn state by state, event by event', () => {
    const table = { idle: { started: 'busy' }, busy: { done: 'idle', lost: 'closed' }, closed: {} };
    expect(renderStateDiagram(table)).toBe(
      'stateDiagram-v2\n  idle --> busy: started\n  busy --> idle: done\n  busy --> closed: lost\n',
    );
  });
});
