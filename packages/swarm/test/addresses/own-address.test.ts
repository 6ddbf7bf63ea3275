import { hostBytes } from '@p2p/wire';
import { describe, expect, it } from 'vitest';

import { OwnAddressVote } from '../../src/core/addresses/own-address.js';

function seen(host: string): Uint8Array {
  return hostBytes(host) ?? new Uint8Array(0);
}

function count(vote: OwnAddressVote, host: string, seenAs: Uint8Array): string | undefined {
  return vote.add({ host, port: 7000 }, seenAs);
}

describe('our own address', () => {
  it('is what three distinct networks say', () => {
    const vote = new OwnAddressVote();
    expect(count(vote, '8.8.1.1', seen('30.1.2.3'))).toBeUndefined();
    expect(count(vote, '8.8.2.2', seen('30.1.2.3'))).toBeUndefined();
    expect(count(vote, '9.9.9.9', seen('30.1.2.3'))).toBeUndefined();
    expect(count(vote, '2001:db8::1', seen('30.1.2.3'))).toBe('30.1.2.3');
  });

  it('is not what a minority says, however loudly', () => {
    const vote = new OwnAddressVote();
    for (let voter = 0; voter < 50; voter++) count(vote, `66.6.${voter}.1`, seen('6.6.6.6'));
    for (const voter of ['1.1.1.1', '2.2.2.2', '3.3.3.3']) count(vote, voter, seen('30.1.2.3'));
    expect(vote.host).toBe('30.1.2.3');
    for (const voter of ['4.4.1.1', '5.5.1.1']) count(vote, voter, seen('6.6.6.6'));
    expect(vote.host).toBeUndefined();
  });

  it('is counted by host in a private network', () => {
    const vote = new OwnAddressVote();
    for (const voter of ['10.0.0.1', '10.0.0.2', '10.0.0.3']) count(vote, voter, seen('10.0.0.9'));
    expect(vote.host).toBe('10.0.0.9');
  });

  it('is counted by peer on one machine, where only the port differs', () => {
    const vote = new OwnAddressVote();
    for (const port of [7001, 7002, 7003]) vote.add({ host: '127.0.0.1', port }, seen('127.0.0.1'));
    expect(vote.host).toBe('127.0.0.1');
  });

  it('follows when everybody says something else', () => {
    const vote = new OwnAddressVote();
    for (const host of ['30.1.2.3', '30.1.2.4']) {
      for (const voter of ['1.1.1.1', '2.2.2.2', '3.3.3.3']) count(vote, voter, seen(host));
    }
    expect(vote.host).toBe('30.1.2.4');
  });

  it('does not come from a vote that is no address', () => {
    const vote = new OwnAddressVote();
    for (const voter of ['1.1.1.1', '2.2.2.2', '3.3.3.3']) count(vote, voter, new Uint8Array(5));
    expect(vote.host).toBeUndefined();
  });

  it('remembers a hundred voters', () => {
    const vote = new OwnAddressVote();
    for (const voter of ['1.1.1.1', '2.2.2.2', '3.3.3.3']) count(vote, voter, seen('30.1.2.3'));
    for (let voter = 0; voter < 100; voter++) count(vote, `${20 + voter}.1.1.1`, seen(`40.0.0.${voter}`));
    expect(vote.host).toBeUndefined();
  });
});
