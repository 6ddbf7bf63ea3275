import { fromHex } from '../../src/index.js';
import type { PayloadVectors, VectorFiles } from '../vector-files.js';
import type { Xorshift } from './xorshift.js';

const IDS = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 13, 14, 15, 16, 17, 20, 21, 99, 255];
const EXACT: Readonly<Record<number, number>> = {
  ...{ 0: 1, 1: 1, 2: 1, 3: 1, 14: 1, 15: 1 },
  ...{ 4: 5, 13: 5, 17: 5, 6: 13, 8: 13, 16: 13, 9: 3 },
};
const EDGES = [0, 1, 2, 5, 9, 10, 13, 14, 16_393, 16_394, 65_537, 262_146, 524_289, 2 ** 20, 2 ** 31, 2 ** 32 - 1];
/** What bencode is made of: pieces that are nearly right are worth more than noise. */
const TOKENS = [
  'd',
  'l',
  'i',
  'e',
  'i0e',
  'i-1e',
  '0:',
  '1:a',
  '4:info',
  '1:m',
  '5:added',
  '8:msg_type',
  '5:piece',
  ':',
  '-',
  '9',
];

/** Makes frames that a stranger might send: noise, the truth, and what lies between. */
export class FrameMaker {
  readonly #random: Xorshift;
  readonly #frames: readonly Uint8Array[];
  readonly #payloads: readonly Uint8Array[];
  /** Texts and bytes for everything that is not a frame. */
  readonly documents: readonly Uint8Array[];

  constructor(random: Xorshift, { messages, extensions, metainfo, handshake, magnet, bencode }: VectorFiles) {
    this.#random = random;
    this.#frames = [...messages.cases, ...messages.receivedOnly].map(({ bytes }) => fromHex(bytes));
    const { extendedHandshake, utMetadata, utPex, catalog, gossip, offer, soon } = extensions;
    const all = [extendedHandshake, utMetadata, utPex, catalog, gossip, offer, soon];
    this.#payloads = all.flatMap(payloadsOf).filter((payload) => payload.length < 2000);
    this.documents = [
      ...metainfo.cases.map(({ bytes }) => fromHex(bytes)),
      ...metainfo.malformedInfo.map(({ bytes }) => fromHex(bytes)),
      ...handshake.cases.map(({ bytes }) => fromHex(bytes)),
      ...magnet.cases.map(({ uri }) => Uint8Array.from(uri, (letter) => letter.charCodeAt(0))),
      ...bencode.malformed.map(({ bytes }) => fromHex(bytes)).filter((bytes) => bytes.length < 2000),
    ];
  }

  frame(): Uint8Array {
    const kind = this.#random.below(16);
    if (kind < 2) return this.#random.bytes(this.#random.below(40));
    if (kind < 9) return this.#goodFrame();
    if (kind < 11) return this.#frameWithWrongLength();
    if (kind < 13) return this.mutated(this.#random.pick(this.#frames));
    return this.#extendedFrame();
  }

  /** The same with up to three bytes changed, taken out or put in. */
  mutated(original: Uint8Array): Uint8Array {
    const bytes = [...original];
    for (let change = this.#random.below(4); change > 0; change--) {
      const at = this.#random.below(bytes.length + 1);
      const kind = this.#random.below(3);
      bytes.splice(at, kind === 0 ? 0 : 1, ...(kind === 1 ? [] : [this.#random.below(256)]));
    }
    return Uint8Array.from(bytes);
  }

  tokens(): Uint8Array {
    let text = this.#random.below(2) === 0 ? 'd' : '';
    for (let count = this.#random.below(12); count > 0; count--) text += this.#random.pick(TOKENS);
    return Uint8Array.from(text, (letter) => letter.charCodeAt(0));
  }

  #goodFrame(): Uint8Array {
    const id = this.#random.pick(IDS);
    const isBlock = id === 7 && this.#random.below(64) === 0;
    const length = EXACT[id] ?? (isBlock ? 16_393 : 10 + this.#random.below(30));
    const frame = isBlock ? new Uint8Array(4 + length).fill(0x11) : this.#random.bytes(4 + length);
    new DataView(frame.buffer).setUint32(0, length);
    frame[4] = id;
    return frame;
  }

  #frameWithWrongLength(): Uint8Array {
    const frame = this.#random.bytes(5 + this.#random.below(20));
    new DataView(frame.buffer).setUint32(0, this.#random.pick(EDGES));
    frame[4] = this.#random.pick(IDS);
    return frame;
  }

  #extendedFrame(): Uint8Array {
    const payload = this.#random.below(4) === 0 ? this.tokens() : this.mutated(this.#random.pick(this.#payloads));
    const frame = new Uint8Array(6 + payload.length);
    new DataView(frame.buffer).setUint32(0, 2 + payload.length);
    frame[4] = 20;
    frame[5] = this.#random.below(256);
    frame.set(payload, 6);
    return frame;
  }
}

function payloadsOf({ cases, receivedOnly, malformed }: PayloadVectors): Uint8Array[] {
  return [...cases, ...receivedOnly, ...malformed].map(({ payload }) => fromHex(payload));
}
