import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { canonicalPriority, type PeerAddress } from '../src/index.js';

const address = fc.record({ host: fc.oneof(fc.ipV4(), fc.ipV6()), port: fc.integer({ min: 1, max: 65_535 }) });

describe('canonicalPriority', () => {
  it('is the same from both ends, across families too', () => {
    fc.assert(
      fc.property(address, address, (a, b) => {
        expect(canonicalPriority(a, b)).toBe(canonicalPriority(b, a));
      }),
    );
  });

  it('does not depend on how a host is written', () => {
    const b = at('198.51.100.7');
    expect(canonicalPriority(at('::ffff:192.0.2.1'), b)).toBe(canonicalPriority(at('192.0.2.1'), b));
  });

  it('ignores the low bits of hosts that are far apart, but not of those that are near', () => {
    // 0x55 keeps every other bit: 0x00 and 0xAA look alike in the last two bytes.
    expect(canonicalPriority(at('1.2.0.0'), at('3.4.5.6'))).toBe(canonicalPriority(at('1.2.170.170'), at('3.4.5.6')));
    expect(canonicalPriority(at('1.2.3.0'), at('1.2.3.6'))).not.toBe(canonicalPriority(at('1.2.3.170'), at('1.2.3.6')));
    const far = at('2001:db9::1');
    expect(canonicalPriority(at('2001:db8::'), far)).toBe(canonicalPriority(at('2001:db8:0:aaaa::'), far));
    const near = at('2001:db8:0:100::1');
    expect(canonicalPriority(at('2001:db8::'), near)).not.toBe(canonicalPriority(at('2001:db8:0:200::'), near));
  });

  it('has no opinion on names', () => {
    expect(canonicalPriority(at('localhost'), at('127.0.0.1'))).toBe(0);
  });
});

function at(host: string): PeerAddress {
  return { host, port: 6881 };
}
