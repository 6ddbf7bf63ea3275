import { encodeHandshake, encodeMessage, FrameDecoder, type Message } from '@p2p/wire';
import { describe, expect, it } from 'vitest';

import type { Input } from '../src/core/input.js';
import { PeerLink } from '../src/peer-link.js';
import type { Connection } from '../src/ports.js';

const HANDSHAKE = {
  infoHash: new Uint8Array(20).fill(1),
  peerId: new Uint8Array(20).fill(2),
  supportsExtended: true,
  supportsFast: true,
  supportsDht: false,
};

/** A connection that keeps a copy of what it was given, as the contract of `send` demands. */
class Pipe implements Connection {
  readonly remote = { host: '127.0.0.1', port: 1 };
  sent = new Uint8Array(0);
  sendCount = 0;
  isClosed = false;

  attach(): void {
    throw new Error('not used here');
  }

  send(parts: readonly Uint8Array[]): void {
    this.sendCount += 1;
    this.sent = Uint8Array.from([this.sent, ...parts].flatMap((part) => [...part]));
  }

  close(): void {
    this.isClosed = true;
  }
}

function linkTo(
  pipe: Pipe,
  expectsHandshake: boolean,
): { link: PeerLink; inputs: Input<Uint8Array>[]; calls: number[] } {
  const inputs: Input<Uint8Array>[] = [];
  const calls: number[] = [];
  const link = new PeerLink(
    7,
    pipe,
    (some) => {
      calls.push(some.length);
      inputs.push(...some);
    },
    { handshake: expectsHandshake, pieceCount: undefined },
  );
  return { link, inputs, calls };
}

describe('PeerLink', () => {
  it('turns a handshake and what follows it in the same chunk into inputs of one call', () => {
    const { link, inputs, calls } = linkTo(new Pipe(), true);
    const chunk = Uint8Array.from([...encodeHandshake(HANDSHAKE), ...encodeMessage({ type: 'unchoke' })]);
    link.received(chunk);
    expect(calls).toEqual([2]);
    expect(inputs.map((input) => input.kind)).toEqual(['handshake', 'message']);
  });

  it('makes a violation of bytes that cannot be decoded, after the messages before them', () => {
    const { link, inputs } = linkTo(new Pipe(), false);
    link.received(Uint8Array.of(0, 0, 0, 1, 1));
    link.received(Uint8Array.of(0, 0, 0, 9, 4, 0, 0, 0, 0));
    expect(inputs.map((input) => input.kind)).toEqual(['message', 'violated']);
  });

  it('sends messages in order and in one go, blocks between small ones', () => {
    const pipe = new Pipe();
    const { link } = linkTo(pipe, false);
    const messages: Message[] = [
      { type: 'have', piece: 5 },
      { type: 'piece', piece: 1, begin: 16_384, data: new Uint8Array(100).fill(9) },
      { type: 'request', piece: 2, begin: 0, length: 16_384 },
      { type: 'bitfield', bits: new Uint8Array(6_000).fill(255) },
      { type: 'unchoke' },
    ];
    for (const message of messages) link.send(message);
    link.flush();
    expect(pipe.sendCount).toBe(1);
    expect(new FrameDecoder().push(pipe.sent)).toEqual(messages);
  });

  it('sends more small messages than its buffer holds', () => {
    const pipe = new Pipe();
    const { link } = linkTo(pipe, false);
    for (let piece = 0; piece < 1_000; piece += 1) link.send({ type: 'have', piece });
    link.flush();
    const pieces = new FrameDecoder().push(pipe.sent).map((message) => (message.type === 'have' ? message.piece : -1));
    expect(pieces).toEqual(Array.from({ length: 1_000 }, (_, piece) => piece));
  });

  it('sends what waits before it closes, and then is silent', () => {
    const pipe = new Pipe();
    const { link, inputs } = linkTo(pipe, false);
    link.send({ type: 'choke' });
    link.close();
    expect(pipe.sent.length).toBe(5);
    expect(pipe.isClosed).toBe(true);
    link.received(Uint8Array.of(0, 0, 0, 1, 1));
    link.closed('by the other end');
    expect(inputs).toEqual([]);
  });
});
