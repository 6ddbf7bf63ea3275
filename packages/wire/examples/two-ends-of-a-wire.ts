import { decodeHandshake, encodeHandshake, encodeMessage, FrameDecoder, PieceLayout, toHex } from '@p2p/wire';

const layout = new PieceLayout(65_536, 100_000); // 100,000 bytes in pieces of 64 KiB
const ids = { infoHash: new Uint8Array(20).fill(0xab), peerId: new Uint8Array(20) };
const hello = encodeHandshake({ ...ids, supportsExtended: true, supportsFast: true, supportsDht: false });
console.log(`talking about ${toHex(decodeHandshake(hello).infoHash)}`);

const last = layout.pieceIndex(1);
const length = layout.blockBytes(last, 2);
const request = encodeMessage({ type: 'request', piece: last, begin: 32_768, length });

const decoder = new FrameDecoder({ pieceCount: layout.pieceCount });
for (const chunk of [request.subarray(0, 3), request.subarray(3)]) {
  for (const message of decoder.push(chunk)) console.log(message);
}
