/**
 * Many peers in one process, each with a connection and an address of its own, that greet a seeder and then only listen.
 * Arguments: HOST PORT TORRENT COUNT IS_INTERESTED. Tells its parent when the seeder has answered all of them;
 * asked by any message it tells how many are still connected.
 */
import { readFileSync } from 'node:fs';
import { connect } from 'node:net';

import { decodeMetainfo, HANDSHAKE_BYTES } from '@p2p/wire';

import { idlePeerGreeting, idlePeerHost } from './idle-peer.js';

/** More at once would wait in the seeder's backlog, and try again only after a second. */
const CONCURRENT_DIALS = 64;

const [host = '', port = '', torrentPath = '', count = '', isInterested = ''] = process.argv.slice(2);
const { infoHash, layout } = decodeMetainfo(readFileSync(torrentPath)).metainfo;
const torrent = { infoHash, pieceCount: layout.pieceCount, isInterested: isInterested === 'true' };
let next = 0;
let answered = 0;
let open = 0;

for (let dial = 0; dial < CONCURRENT_DIALS; dial++) dialNext();
process.on('message', () => process.send?.({ open }));
process.once('disconnect', () => process.exit());

function dialNext(): void {
  if (next === Number(count)) return;
  const index = next++;
  let received = 0;
  const socket = connect({ host, port: Number(port), localAddress: idlePeerHost(index) });
  socket.once('connect', () => {
    open++;
    socket.write(idlePeerGreeting(index, torrent));
  });
  socket.on('data', ({ length }) => {
    const wasGreeted = received >= HANDSHAKE_BYTES;
    received += length;
    if (wasGreeted || received < HANDSHAKE_BYTES) return;
    answered++;
    if (answered === Number(count)) process.send?.('connected');
    dialNext();
  });
  socket.once('close', () => {
    open--;
  });
  socket.once('error', (error) => {
    console.error(`idle peer ${index} of ${count} at ${idlePeerHost(index)}: ${error.message}`);
    process.exit(1);
  });
}
