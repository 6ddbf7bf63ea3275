// Downloads one file from any BitTorrent client that has all of it, with nothing but @p2p/wire and Node's own modules.
//   node fetch-from-any-client.js SOURCE HOST:PORT FILE        SOURCE: a magnet link or a .torrent file
import { randomBytes } from 'node:crypto';
import { closeSync, openSync, readFileSync, writeSync } from 'node:fs';
import { connect } from 'node:net';

import * as wire from '@p2p/wire';

const METADATA_ID = 1; // the id under which we want to receive ut_metadata
const REQUESTS_IN_FLIGHT = 64;

const [source = '', address = '', path = ''] = process.argv.slice(2);
if (path === '') throw new Error('usage: fetch-from-any-client MAGNET_OR_TORRENT_FILE HOST:PORT FILE');
const { host, port } = wire.parsePeerAddress(address);
const torrent = source.startsWith('magnet:') ? undefined : wire.decodeMetainfo(readFileSync(source)).metainfo;
const infoHash = torrent?.infoHash ?? wire.parseMagnet(source).infoHash;

const socket = connect(port, host);
socket.setTimeout(30_000, () => socket.destroy(new Error('the peer has been silent for 30 s')));
const us = { peerId: wire.createPeerId(randomBytes(12)), supportsFast: false, supportsDht: false };
socket.write(wire.encodeHandshake({ infoHash, supportsExtended: true, ...us }));
const chunks: AsyncIterable<Uint8Array> = socket;
const messages = receive();
let isChoked = true;

const metainfo = torrent ?? (await fetchMetainfo());
if (!metainfo.isSingleFile) throw new Error(`${source}: this example fetches single files, not folders`);
const file = openSync(path, 'w');
for (const piece of metainfo.layout.pieces()) {
  writeSync(file, await fetchPiece(metainfo, piece), 0, null, metainfo.layout.pieceOffset(piece));
}
closeSync(file);
socket.end();
console.log(`complete: ${metainfo.layout.totalBytes} bytes in ${path}`);

/** All messages of the peer, after the greetings. */
async function* receive(): AsyncGenerator<wire.Message, void> {
  const frames = new wire.FrameDecoder();
  const greeting = new wire.HandshakeDecoder();
  let isOpen = false;
  for await (const chunk of chunks) {
    let bytes = chunk;
    if (!isOpen) {
      const outcome = greeting.push(bytes);
      if (outcome === undefined) continue;
      isOpen = true;
      bytes = outcome.rest;
      console.log(`connected to ${wire.describeClient(outcome.handshake.peerId)}`);
      const extensions = new Map([[wire.EXTENSION_NAMES.utMetadata, METADATA_ID]]);
      sendExtended(wire.EXTENDED_HANDSHAKE_ID, wire.encodeExtendedHandshake({ extensions }));
      send({ type: 'interested' });
    }
    yield* frames.push(bytes); // payloads are views: each message is used up before the next chunk is read
  }
}

async function next(): Promise<wire.Message> {
  const { value: message } = await messages.next();
  if (message === undefined) throw new Error('the peer closed the connection');
  if (message.type === 'choke' || message.type === 'unchoke') isChoked = message.type === 'choke';
  return message;
}

/** Fetches the info dictionary from the peer (BEP 9) and checks it against the magnet link. */
async function fetchMetainfo(): Promise<wire.Metainfo> {
  const pieces: Uint8Array[] = [];
  for (let bytes = 0; ;) {
    const message = await next();
    if (message.type !== 'extended') continue;
    if (message.extensionId === wire.EXTENDED_HANDSHAKE_ID) requestMetadata(message.payload);
    if (message.extensionId !== METADATA_ID) continue;
    const part = wire.decodeUtMetadata(message.payload);
    if (part.type !== 'data') throw new Error('the peer refuses to send metadata: use a .torrent file');
    pieces[part.piece] = Uint8Array.from(part.data);
    bytes += part.data.length;
    if (bytes < part.totalBytes) continue;
    const info = Buffer.concat(pieces);
    if (!wire.sameBytes(wire.sha1(info), infoHash)) throw new Error('wrong metadata');
    return wire.decodeInfo(info);
  }
}

function requestMetadata(handshake: Uint8Array): void {
  const { extensions, metadataBytes = Infinity } = wire.decodeExtendedHandshake(handshake);
  const id = extensions.get(wire.EXTENSION_NAMES.utMetadata) ?? 0;
  if (id === 0 || metadataBytes > wire.MAX_METADATA_BYTES) throw new Error('the peer offers no metadata');
  for (let piece = 0; piece * wire.BLOCK_BYTES < metadataBytes; piece++) {
    sendExtended(id, wire.encodeUtMetadata({ type: 'request', piece }));
  }
}

async function fetchPiece({ layout, pieceHashes }: wire.Metainfo, piece: wire.PieceIndex): Promise<Uint8Array> {
  const bytes = new Uint8Array(layout.pieceBytes(piece));
  const begins = Array.from({ length: layout.blockCount(piece) }, (_, index) => index * wire.BLOCK_BYTES);
  while (begins.length > 0) {
    const missing = new Set(begins.splice(0, REQUESTS_IN_FLIGHT));
    for (let isAsked = false; missing.size > 0;) {
      const wanted = isChoked || isAsked ? [] : missing;
      isAsked = !isChoked; // a choke forgets requests (BEP 3)
      for (const begin of wanted) {
        send({ type: 'request', piece, begin, length: layout.blockBytes(piece, layout.blockIndex(begin)) });
      }
      const message = await next();
      if (message.type !== 'piece' || message.piece !== piece) continue;
      if (missing.delete(message.begin)) bytes.set(message.data, message.begin);
    }
  }
  const expected = pieceHashes.subarray(piece * wire.SHA1_BYTES, (piece + 1) * wire.SHA1_BYTES);
  if (!wire.sameBytes(wire.sha1(bytes), expected)) throw new Error(`piece ${piece} is corrupt`);
  return bytes;
}

function sendExtended(extensionId: number, payload: Uint8Array): void {
  send({ type: 'extended', extensionId, payload });
}

function send(message: wire.Message): void {
  socket.write(wire.encodeMessage(message));
}
