import { describe, expect, it } from 'vitest';

import { OverlayGraph } from '../../src/run/overlay-graph.js';

function graph(nodeCount: number, links: readonly (readonly [number, number])[]): OverlayGraph {
  const made = new OverlayGraph(nodeCount);
  for (const [a, b] of links) made.link(a, b);
  return made;
}

describe('OverlayGraph', () => {
  it('measures a star', () => {
    const star = graph(5, [[0, 1], [0, 2], [0, 3], [0, 4]]); // prettier-ignore
    expect(star.shape()).toEqual({ diameter: 2, clustering: 0, components: 1, meanDegree: 8 / 5 });
  });

  it('measures a full mesh', () => {
    const mesh = graph(4, [[0, 1], [0, 2], [0, 3], [1, 2], [1, 3], [2, 3]]); // prettier-ignore
    expect(mesh.shape()).toEqual({ diameter: 1, clustering: 1, components: 1, meanDegree: 3 });
  });

  it('measures a ring', () => {
    const ring = graph(6, [[0, 1], [1, 2], [2, 3], [3, 4], [4, 5], [5, 0]]); // prettier-ignore
    expect(ring.shape()).toEqual({ diameter: 3, clustering: 0, components: 1, meanDegree: 2 });
  });

  it('averages the clustering of a triangle with a tail over all nodes', () => {
    // 0 and 1 are in the triangle only: 1. 2 has three neighbours, one pair of three linked: 1/3. 3 has one: 0.
    const { clustering } = graph(4, [[0, 1], [1, 2], [0, 2], [2, 3]]).shape(); // prettier-ignore
    expect(clustering).toBeCloseTo((1 + 1 + 1 / 3 + 0) / 4, 10);
  });

  it('counts components, and takes the diameter of the largest', () => {
    const parts = graph(6, [[0, 1], [1, 2], [2, 3]]); // prettier-ignore
    expect(parts.shape()).toMatchObject({ components: 3, diameter: 3 });
  });

  it('does not count a link twice, nor one to itself', () => {
    expect(graph(2, [[0, 1], [1, 0], [1, 1]]).shape().meanDegree).toBe(1); // prettier-ignore
  });

  it('has no shape without nodes', () => {
    expect(graph(0, []).shape()).toEqual({ diameter: 0, clustering: 0, components: 0, meanDegree: 0 });
  });

  it('refuses a node that it does not have', () => {
    expect(() => graph(2, [[0, 2]])).toThrow(RangeError);
  });
});
