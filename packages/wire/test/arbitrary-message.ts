import fc from 'fast-check';

import type { Message } from '../src/index.js';

const uint32 = fc.nat({ max: 0xffffffff });
const bytes = (minLength: number, maxLength: number): fc.Arbitrary<Uint8Array> =>
  fc.uint8Array({ minLength, maxLength });

/** Any message that can be sent, with payloads short enough to make many of them. */
export const arbitraryMessage: fc.Arbitrary<Message> = fc.oneof(
  ...(['keepAlive', 'choke', 'unchoke', 'interested', 'notInterested', 'haveAll', 'haveNone'] as const).map((type) =>
    fc.constant<Message>({ type }),
  ),
  ...(['have', 'suggest', 'allowedFast'] as const).map((type) => uint32.map((piece): Message => ({ type, piece }))),
  ...(['request', 'cancel', 'reject'] as const).map((type) =>
    fc.tuple(uint32, uint32, uint32).map(([piece, begin, length]): Message => ({ type, piece, begin, length })),
  ),
  fc
    .tuple(uint32, uint32, bytes(1, 40))
    .map(([piece, begin, data]): Message => ({ type: 'piece', piece, begin, data })),
  bytes(0, 20).map((bits): Message => ({ type: 'bitfield', bits })),
  fc.nat({ max: 0xffff }).map((port): Message => ({ type: 'port', port })),
  fc
    .tuple(fc.nat({ max: 255 }), bytes(0, 30))
    .map(([extensionId, payload]): Message => ({ type: 'extended', extensionId, payload })),
);

/** A stream as an adversary might write it: good frames, headers with lengths near the truth, and noise. */
export const arbitraryStream: fc.Arbitrary<Uint8Array> = fc
  .array(
    fc.oneof(
      { weight: 3, arbitrary: fc.tuple(fc.nat({ max: 24 }), fc.nat({ max: 20 })).map(([id, n]) => [0, 0, 0, n, id]) },
      { weight: 1, arbitrary: fc.array(fc.nat({ max: 255 }), { maxLength: 20 }) },
      { weight: 3, arbitrary: fc.constantFrom([0, 0, 0, 1, 0], [0, 0, 0, 5, 4, 0, 0, 0, 9], [0, 0, 0, 3, 20, 1, 7]) },
      { weight: 1, arbitrary: fc.constant([0, 0, 0, 0]) },
    ),
    { maxLength: 12 },
  )
  .map((parts) => Uint8Array.from(parts.flat()));
