import { array, assert, integer, property } from 'fast-check';
import { describe, expect, it } from 'vitest';

import { LinkCensus } from '../../src/core/addresses/link-census.js';

describe('the neighbourhood', () => {
  it('has room for three links to a public host and eight into its network, and any number nearby', () => {
    const links = new LinkCensus();
    const host = '30.1.1.1';
    for (let count = 1; count <= 3; count++) links.opened(host);
    expect(links.isCrowded(host)).toBe(true);
    for (let last = 2; last <= 6; last++) links.opened(`30.1.1.${last}`);
    expect([links.isCrowded('30.1.1.99'), links.isCrowded('30.1.2.1')]).toEqual([true, false]);
    links.closed(host);
    expect([links.isCrowded(host), links.isCrowded('30.1.1.99')]).toEqual([false, false]);
    for (let count = 1; count <= 20; count++) links.opened('127.0.0.1');
    expect(links.isCrowded('127.0.0.1')).toBe(false);
  });

  it('is as crowded as there are links that were opened and not closed', () => {
    assert(
      property(array(integer({ min: 1, max: 12 }), { maxLength: 100 }), (steps) => {
        const links = new LinkCensus();
        const open = new Set<number>();
        for (const last of steps) {
          const host = `20.0.0.${last}`;
          if (open.delete(last)) links.closed(host);
          else {
            open.add(last);
            links.opened(host);
          }
          expect(links.isCrowded('20.0.0.99')).toBe(open.size >= 8);
        }
      }),
    );
  });
});
