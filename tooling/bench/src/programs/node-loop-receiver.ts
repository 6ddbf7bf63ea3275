/** Receives one file, taking the SHA-1 of each piece. Arguments: HOST PORT PATH BYTES PIECE_BYTES. */
import { createHash } from 'node:crypto';
import { mkdirSync, openSync, writeSync } from 'node:fs';
import { connect } from 'node:net';
import { dirname } from 'node:path';

const [host = '', port = '', path = '', byteCount = '', pieceBytes = ''] = process.argv.slice(2);
mkdirSync(dirname(path), { recursive: true });
const file = openSync(path, 'w');
const piece = new Uint8Array(Number(pieceBytes));
let filled = 0;
let received = 0;

connect({
  host,
  port: Number(port),
  onread: {
    buffer: new Uint8Array(64 * 1024), // larger ones are slower
    callback: (length, buffer) => {
      takeChunk(buffer.subarray(0, length));
      return true;
    },
  },
});

function takeChunk(chunk: Uint8Array): void {
  for (let offset = 0; offset < chunk.length;) {
    const length = Math.min(chunk.length - offset, piece.length - filled);
    piece.set(chunk.subarray(offset, offset + length), filled);
    offset += length;
    filled += length;
    received += length;
    if (filled === piece.length || received === Number(byteCount)) storePiece();
  }
}

function storePiece(): void {
  createHash('sha1').update(piece.subarray(0, filled)).digest();
  writeSync(file, piece, 0, filled);
  filled = 0;
  if (received === Number(byteCount)) {
    console.log('complete');
    setInterval(() => undefined, 60_000); // stays to be measured, until it is ended
  }
}
