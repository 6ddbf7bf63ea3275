import { hostBytes } from '@p2p/wire';
import { describe, expect, it } from 'vitest';

import { OwnAddressVote } from '../src/core/own-address.js';

function seen(host: string): Uint8Array {
  return hostBytes(host) ?? new Uint8Array(0);
}

describe('our own address', () => {
  it('is what three distinct networks say', () => {
    const vote = new OwnAddressVote();
    expect(vote.add('8.8.1.1', seen('30.1.2.3'))).toBeUndefined();
    expect(vote.add('8.8.2.2', seen('30.1.2.3'))).toBeUndefined();
    expect(vote.add('9.9.9.9', seen('30.1.2.3'))).toBeUndefined();
    expect(vote.add('2001:db8::1', seen('30.1.2.3'))).toBe('30.1.2.3');
  });

  it('is not what a minority says, however loudly', () => {
    const vote = new OwnAddressVote();
    for (let count = 0; count < 50; count++) vote.add(`66.6.${count}.1`, seen('6.6.6.6'));
    for (const voter of ['1.1.1.1', '2.2.2.2', '3.3.3.3']) vote.add(voter, seen('30.1.2.3'));
    expect(vote.host).toBe('30.1.2.3');
    for (const voter of ['4.4.1.1', '5.5.1.1']) vote.add(voter, seen('6.6.6.6'));
    expect(vote.host).toBeUndefined();
  });

  it('is counted by host in a private network', () => {
    const vote = new OwnAddressVote();
    for (const voter of ['10.0.0.1', '10.0.0.2', '10.0.0.3']) vote.add(voter, seen('10.0.0.9'));
    expect(vote.host).toBe('10.0.0.9');
  });

  it('follows when everybody says something else', () => {
    const vote = new OwnAddressVote();
    for (const host of ['30.1.2.3', '30.1.2.4']) {
      for (const voter of ['1.1.1.1', '2.2.2.2', '3.3.3.3']) vote.add(voter, seen(host));
    }
    expect(vote.host).toBe('30.1.2.4');
  });

  it('does not come from a vote that is no address', () => {
    const vote = new OwnAddressVote();
    for (const voter of ['1.1.1.1', '2.2.2.2', '3.3.3.3']) vote.add(voter, new Uint8Array(5));
    expect(vote.host).toBeUndefined();
  });

  it('remembers a hundred voters', () => {
    const vote = new OwnAddressVote();
    for (const voter of ['1.1.1.1', '2.2.2.2', '3.3.3.3']) vote.add(voter, seen('30.1.2.3'));
    for (let count = 0; count < 100; count++) vote.add(`${20 + count}.1.1.1`, seen(`40.0.0.${count}`));
    expect(vote.host).toBeUndefined();
  });
});
