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
    const { diameter, clustering, components, meanDegree } = this.measure();
    return { diameter, clustering, components, meanDegree };
  }

  /**
   * Its shape, and more.
   *
   * @param few for a graph of more than `above` nodes, paths are measured from `count` nodes only, evenly chosen from the
   *   largest component: the diameter is then a lower bound
   */
  measure(few: { readonly above: number; readonly count: number } = ALL): OverlayShape & OverlayDetail {
    const lists = this.#neighbours.map((neighbours) => Int32Array.from(neighbours));
    const walk = new Walk(lists);
    const components = this.#components(walk);
    const largest = components.reduce((best, component) => (component.length > best.length ? component : best), []);
    const starts = largest.length > few.above ? evenly(largest, few.count) : largest;
    const walks = starts.map((node) => walk.from(node));
    const degrees = this.#neighbours.map((neighbours) => neighbours.size);
    return {
      diameter: walks.reduce((most, { farthest }) => Math.max(most, farthest), 0),
      clustering: mean(clusterings(lists)),
      components: components.length,
      meanDegree: mean(degrees),
      maxDegree: degrees.reduce((most, degree) => Math.max(most, degree), 0),
      meanPath: mean(walks.filter(({ reached }) => reached > 1).map(({ sum, reached }) => sum / (reached - 1))),
      largestShare: this.#neighbours.length === 0 ? 0 : largest.length / this.#neighbours.length,
    };
  }

  #components(walk: Walk): number[][] {
    const seen = new Set<number>();
    const components: number[][] = [];
    for (const start of this.#neighbours.keys()) {
      if (seen.has(start)) continue;
      const component = walk.reachedFrom(start);
      for (const node of component) seen.add(node);
      components.push(component);
    }
    return components;
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

/** What only the simulation asks for. */
export interface OverlayDetail {
  readonly maxDegree: number;
  /** Mean length of the shortest paths within the largest component. */
  readonly meanPath: number;
  /** Share of the nodes that are in the largest component. */
  readonly largestShare: number;
}

/** Breadth first, over arrays that are used again: a shape takes one walk a node. */
class Walk {
  readonly #neighbours: readonly Int32Array[];
  readonly #distances: Int32Array;
  readonly #queue: Int32Array;

  constructor(neighbours: readonly Int32Array[]) {
    this.#neighbours = neighbours;
    this.#distances = new Int32Array(neighbours.length);
    this.#queue = new Int32Array(neighbours.length);
  }

  /** The nodes that can be reached from one, itself first. */
  reachedFrom(start: number): number[] {
    return [...this.#queue.subarray(0, this.from(start).reached)];
  }

  /** How many nodes are reached, how far the farthest is, and the sum of all distances. */
  from(start: number): { readonly reached: number; readonly farthest: number; readonly sum: number } {
    const [distances, queue] = [this.#distances, this.#queue];
    distances.fill(UNSEEN);
    distances[start] = 0;
    queue[0] = start;
    let [reached, farthest, sum] = [1, 0, 0];
    for (let at = 0; at < reached; at++) {
      const node = queue[at] ?? 0;
      farthest = distances[node] ?? 0;
      sum += farthest;
      for (const neighbour of this.#neighbours[node] ?? []) {
        if (distances[neighbour] !== UNSEEN) continue;
        distances[neighbour] = farthest + 1;
        queue[reached++] = neighbour;
      }
    }
    return { reached, farthest, sum };
  }
}

/**
 * Of every node, the share of its neighbours' pairs that are linked. The neighbours are marked, and the links that lead from one of
 * them to another counted: each is met from both its ends.
 */
function clusterings(lists: readonly Int32Array[]): number[] {
  const marks = new Int32Array(lists.length).fill(UNSEEN);
  return lists.map((neighbours, node) => {
    const possible = (neighbours.length * (neighbours.length - 1)) / 2;
    if (possible === 0) return 0;
    for (const neighbour of neighbours) marks[neighbour] = node;
    let ends = 0;
    for (const neighbour of neighbours) {
      for (const other of lists[neighbour] ?? []) if (marks[other] === node) ends += 1;
    }
    return ends / 2 / possible;
  });
}

function evenly(nodes: readonly number[], count: number): number[] {
  const step = nodes.length / count;
  return Array.from({ length: count }, (_, index) => nodes[Math.floor(index * step)] ?? 0);
}

function mean(values: readonly number[]): number {
  return values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;
}

const UNSEEN = -1;
const ALL = { above: Infinity, count: 0 };
