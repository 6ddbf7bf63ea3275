import { describe, expect, it } from 'vitest';

import { HandshakeGate } from '../../src/core/links/handshake-gate.js';

describe('the handshake gate', () => {
  it('lets four connections of one host wait, and 256 in all', () => {
    const gate = new HandshakeGate();
    const outcomes = Array.from({ length: 5 }, (_, key) => gate.enter(key, '8.8.8.8'));
    expect(outcomes).toEqual(['admitted', 'admitted', 'admitted', 'admitted', 'tooManyFromHost']);
    for (let key = 4; key < 256; key++) expect(gate.enter(key, `9.9.9.${key}`)).toBe('admitted');
    expect(gate.enter(256, '7.7.7.7')).toBe('tooMany');
  });

  it('lets this machine have sixty-four places, for many nodes run on it', () => {
    const gate = new HandshakeGate();
    for (let key = 0; key < 64; key++) expect(gate.enter(key, '127.0.0.1')).toBe('admitted');
  });

  it('has room again when somebody has shaken hands or gone', () => {
    const gate = new HandshakeGate();
    for (let key = 0; key < 4; key++) gate.enter(key, '8.8.8.8');
    gate.leave(2);
    gate.leave(2);
    gate.leave(99);
    expect([gate.enter(4, '8.8.8.8'), gate.enter(5, '8.8.8.8')]).toEqual(['admitted', 'tooManyFromHost']);
  });
});
