/** Sends one file to whoever connects. Arguments: HOST PORT PATH. */
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';

const [host = '', port = '', path = ''] = process.argv.slice(2);
createServer((socket) => sendFile(socket)).listen(Number(port), host, () => console.log('listening'));

function sendFile(socket: Socket): void {
  const file = openSync(path, 'r');
  const byteCount = fstatSync(file).size;
  // A buffer may not be filled anew before the socket has taken it.
  const chunk = new Uint8Array(CHUNK_BYTES);
  let offset = 0;
  const sendNext = (): void => {
    const length = readSync(file, chunk, 0, CHUNK_BYTES, offset);
    offset += length;
    if (offset < byteCount && length > 0) {
      socket.write(chunk.subarray(0, length), sendNext);
    } else {
      socket.end(chunk.subarray(0, length), () => closeSync(file));
    }
  };
  sendNext();
}

const CHUNK_BYTES = 1 << 20;
