/** Who is linked to whom: an undirected graph over nodes numbered from 0. Self-links and repeats do not count. */
export class OverlayGraph {
  readonly #neighbours: Set<number>[];

  constructor(nodeCount: number) {
    this.#neighbours = Array.from({ length: nodeCount }, () => new Set<number>());
  }

  /** @throws {RangeError} if either is not a node of this graph */
  link(a: number, b: number): void {
    const ofA = this.#neighbours[a];
    const ofB = this.#neighbours[b];
    if (!ofA || !ofB) throw new RangeError(`expected two nodes below ${this.#neighbours.length}, got ${a} and ${b}`);
    if (a === b) return;
    ofA.add(b);
    ofB.add(a);
  }

  /** Shape of the graph, in the words of `OverlayShape`. */
  shape(): OverlayShape {
    const components = this.#components();
    const largest = components.reduce((best, component) => (component.length > best.length ? component : best), []);
    return {
      diameter: Math.max(0, ...largest.map((node) => this.#eccentricity(node))),
      clustering: mean(this.#neighbours.map((_, node) => this.#clusteringOf(node))),
      components: components.length,
      meanDegree: mean(this.#neighbours.map((neighbours) => neighbours.size)),
    };
  }

  #components(): number[][] {
    const seen = new Set<number>();
    const components: number[][] = [];
    for (const start of this.#neighbours.keys()) {
      if (seen.has(start)) continue;
      const component = [...this.#distancesFrom(start).keys()];
      for (const node of component) seen.add(node);
      components.push(component);
    }
    return components;
  }

  #eccentricity(node: number): number {
    return Math.max(...this.#distancesFrom(node).values());
  }

  /** Breadth first; a Map may grow while it is walked, and keeps the order of insertion: it is its own queue. */
  #distancesFrom(start: number): Map<number, number> {
    const distances = new Map([[start, 0]]);
    for (const [node, distance] of distances) {
      for (const neighbour of this.#neighbours[node] ?? []) {
        if (!distances.has(neighbour)) distances.set(neighbour, distance + 1);
      }
    }
    return distances;
  }

  #clusteringOf(node: number): number {
    const neighbours = [...(this.#neighbours[node] ?? [])];
    const possible = (neighbours.length * (neighbours.length - 1)) / 2;
    if (possible === 0) return 0;
    let closed = 0;
    for (const [position, a] of neighbours.entries()) {
      for (const b of neighbours.slice(position + 1)) if (this.#neighbours[a]?.has(b)) closed += 1;
    }
    return closed / possible;
  }
}

/** Shape of an overlay. */
export interface OverlayShape {
  /** Longest of the shortest paths, in links, within the largest component. */
  readonly diameter: number;
  /** Mean share of a node's neighbours that are neighbours of each other (Watts and Strogatz); 0 below two neighbours. */
  readonly clustering: number;
  /** Number of parts with no link between them; 1 is a whole overlay. */
  readonly components: number;
  /** Mean number of neighbours of a node. */
  readonly meanDegree: number;
}

function mean(values: readonly number[]): number {
  return values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;
}
