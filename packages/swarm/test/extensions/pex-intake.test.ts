import { array, assert, constantFrom, integer, property, record } from 'fast-check';
import { describe, expect, it } from 'vitest';

import { hostScope } from '../../src/core/addresses/address-rules.js';
import { readPex } from '../../src/core/extensions/pex-intake.js';

const STRANGER = { host: '8.8.8.8', port: 6881 };
const NEIGHBOUR = { host: '127.0.0.1', port: 6881 };

function told(...addresses: (readonly [string, number])[]) {
  return { added: addresses.map(([host, port]) => ({ address: { host, port }, flags: 0x10 })), dropped: [] };
}

describe('a peer exchange message', () => {
  it('is believed where it may be', () => {
    const message = told(['9.9.9.9', 7000], ['2001:db8::1', 7000]);
    expect(readPex(message, STRANGER)).toEqual({ kind: 'accepted', peers: message.added, dropped: [] });
  });

  it('is believed of one port of a public host, and of any number nearby', () => {
    const ports = told(['9.9.9.9', 7000], ['9.9.9.9', 7001], ['9.9.9.9', 7000]);
    expect(readPex(ports, STRANGER).peers).toHaveLength(1);
    const near = told(['127.0.0.1', 7000], ['127.0.0.1', 7001], ['127.0.0.1', 7000]);
    expect(readPex(near, NEIGHBOUR).peers).toHaveLength(2);
  });

  it('is believed of fifty of each list', () => {
    const added = Array.from({ length: 120 }, (_, index) => [`9.9.${index}.9`, 7000] as const);
    const dropped = added.map(([host, port]) => ({ host, port }));
    const report = readPex({ ...told(...added), dropped }, STRANGER);
    expect([report.peers.length, report.dropped.length]).toEqual([50, 50]);
  });

  it('never yields an address that may not be dialled on the sender’s word, nor one twice', () => {
    const host = constantFrom(
      ...['9.9.9.9', '0.0.0.0', '10.0.0.1', '127.0.0.1', '127.0.0.2', '192.168.3.4', '224.0.0.1', '255.255.255.255'],
      ...['::', '::1', 'ff02::1', 'fe80::1', 'fd00::1', '2001:db8::1', '::ffff:127.0.0.1'],
    );
    const address = record({ host, port: constantFrom(0, 1, 7000, 7001, 65_535) });
    const from = record({ host: constantFrom('8.8.8.8', '127.0.0.1', '10.0.0.9', '::1', 'fd00::9'), port: integer() });
    assert(
      property(array(address, { maxLength: 120 }), from, (addresses, sender) => {
        const { peers } = readPex(
          { added: addresses.map((item) => ({ address: item, flags: 0 })), dropped: [] },
          sender,
        );
        expect(peers.length).toBeLessThanOrEqual(50);
        expect(new Set(peers.map((peer) => `${peer.address.host} ${peer.address.port}`)).size).toBe(peers.length);
        for (const peer of peers) {
          expect(peer.address.port).toBeGreaterThan(0);
          const scope = hostScope(peer.address.host);
          expect(['public', 'private', 'loopback']).toContain(scope);
          if (scope === 'loopback') expect(hostScope(sender.host)).toBe('loopback');
          if (scope === 'private') expect(['private', 'loopback']).toContain(hostScope(sender.host));
        }
      }),
    );
  });
});
