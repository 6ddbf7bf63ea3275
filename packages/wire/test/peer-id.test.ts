import { describe, expect, it } from 'vitest';

import { createPeerId, describeClient } from '../src/index.js';

const ascii = (text: string): Uint8Array =>
  Uint8Array.from(text.padEnd(20, '\u0000'), (letter) => letter.charCodeAt(0));

describe('createPeerId', () => {
  it('has our mark, the version and the random bytes', () => {
    const random = Uint8Array.from({ length: 12 }, (_, index) => 200 + index);
    const id = createPeerId(random, '1234');
    expect(String.fromCharCode(...id.slice(0, 8))).toBe('-PN1234-');
    expect(id.slice(8)).toEqual(random);
    expect(describeClient(createPeerId(random))).toBe('p2p-peer 0.1.0');
  });

  it('says what is wrong', () => {
    expect(() => createPeerId(new Uint8Array(20))).toThrow(/random: expected 12 bytes, got 20/);
    expect(() => createPeerId(new Uint8Array(12), '0.1.0')).toThrow(/version: expected four/);
  });
});

describe('describeClient', () => {
  it.each([
    ['-LT2080-abcdefghijkl', 'libtorrent 2.0.8'],
    ['-TR300Z-abcdefghijkl', 'Transmission 3.0.0.35'],
    ['-qB4520-abcdefghijkl', 'qBittorrent 4.5.2'],
    ['-WW0208-abcdefghijkl', 'WebTorrent 0.2.0.8'],
    ['A2-1-36-0-abcdefghij', 'aria2 1.36.0'],
    ['-XY1234-abcdefghijkl', 'XY 1.2.3.4'],
    ['M7-4-2--abcdefghijkl', 'unknown (M7-4-2--)'],
    ['\u001b[31mé\u009b', 'unknown (?[31m???)'],
    ['-<b1234-abcdefghijkl', 'unknown (-<b1234-)'],
  ])('%s is %s', (id, expected) => {
    expect(describeClient(ascii(id))).toBe(expected);
  });

  it('never shows anything but printable ASCII and our own names', () => {
    for (let byte = 0; byte < 256; byte++) {
      expect(describeClient(new Uint8Array(20).fill(byte))).toMatch(/^unknown \([\u0020-\u007e]{8}\)$|^.{2} /);
    }
  });

  it('copes with an id that is too short', () => {
    expect(describeClient(new Uint8Array(0))).toBe('unknown ()');
  });
});
