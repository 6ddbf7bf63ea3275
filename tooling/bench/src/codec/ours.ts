import { encodeMessageInto, encodePieceHeaderInto, FrameDecoder, messageBytes, type Message } from '@p2p/wire';

import { BLOCK_BYTES, HANDED_OVER_BYTES, type CodecContestant } from './codec-contestant.js';

const HEADER_BYTES = 13;

export function ourCodec(): CodecContestant {
  let checksum = 0;
  const gathered = new Uint8Array(16 * (HEADER_BYTES + BLOCK_BYTES));
  return {
    checksum: () => checksum,

    decode(stream, chunkBytes) {
      const decoder = new FrameDecoder();
      let count = 0;
      for (let offset = 0; offset < stream.length; offset += chunkBytes) {
        for (const message of decoder.push(stream.subarray(offset, offset + chunkBytes))) {
          count++;
          if (message.type === 'piece') checksum ^= message.data[message.data.length - 1] ?? 0;
          else if (message.type === 'have' || message.type === 'request') checksum ^= message.piece;
        }
      }
      return count;
    },

    // As a session does it: into a buffer that is handed over when it is full.
    encodeSmall(count) {
      const gathering = new Uint8Array(HANDED_OVER_BYTES);
      let used = 0;
      const encode = (message: Message): void => {
        const bytes = messageBytes(message);
        if (used + bytes > HANDED_OVER_BYTES) {
          checksum ^= gathering[8] ?? 0;
          used = 0;
        }
        used += encodeMessageInto(message, gathering, used);
      };
      for (let piece = 0; piece < count / 2; piece++) {
        encode({ type: 'have', piece });
        encode({ type: 'request', piece, begin: 0, length: BLOCK_BYTES });
      }
      return count;
    },

    encodePieceHeaders(count) {
      for (let piece = 0; piece < count; piece++) {
        encodePieceHeaderInto({ piece, begin: 0, length: BLOCK_BYTES }, gathered, 0);
        checksum ^= gathered[8] ?? 0;
      }
      return count;
    },

    gather(blocks) {
      const count = blocks.length / BLOCK_BYTES;
      let offset = 0;
      for (let piece = 0; piece < count; piece++) {
        if (offset === gathered.length) offset = 0;
        offset += encodePieceHeaderInto({ piece, begin: 0, length: BLOCK_BYTES }, gathered, offset);
        gathered.set(blocks.subarray(piece * BLOCK_BYTES, (piece + 1) * BLOCK_BYTES), offset);
        offset += BLOCK_BYTES;
      }
      checksum ^= gathered[8] ?? 0;
      return count;
    },
  };
}
