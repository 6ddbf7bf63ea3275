/**
 * Carries TCP connections over a line with a delay and a rate, in user space. The rate holds for what the target sends.
 * Arguments: HOST PORT TARGET_HOST TARGET_PORT BYTES_PER_SECOND ROUND_TRIP_MS. Asked by any message from its parent it tells
 * how many bytes the target sent, and when the first and the last arrived.
 */
import { connect, createServer, type Socket } from 'node:net';

import { DelayedLine } from './delayed-line.js';

/** What a router would buffer; beyond it the sender is held up. */
const BUFFER_MS = 50;
const TICK_MS = 1;
/** Handshakes and metadata are not what the line is filled with. */
const FIRST_BYTES = 32_768;

const [host = '', port = '', targetHost = '', targetPort = '', bytesPerSecond = '', roundTripMs = ''] =
  process.argv.slice(2);
const found = { bytes: 0, firstMs: 0, lastMs: 0 };

createServer((leecher) => {
  const seeder = connect({ host: targetHost, port: Number(targetPort) });
  carry(leecher, seeder, Infinity, () => undefined);
  carry(seeder, leecher, Number(bytesPerSecond), (count, nowMs) => {
    found.bytes += count;
    if (found.bytes < FIRST_BYTES) found.firstMs = nowMs;
    found.lastMs = nowMs;
  });
}).listen(Number(port), host, () => process.send?.('listening'));
process.on('message', () => process.send?.(found));
process.once('disconnect', () => process.exit());

function carry(from: Socket, to: Socket, rate: number, arrived: (byteCount: number, nowMs: number) => void): void {
  const line = new DelayedLine(rate, Number(roundTripMs) / 2);
  from.on('data', (chunk) => {
    line.put(chunk, performance.now());
    if (line.waitMs(performance.now()) > BUFFER_MS) from.pause();
  });
  const ticking = setInterval(() => {
    const nowMs = performance.now();
    for (const bytes of line.take(nowMs)) {
      to.write(bytes);
      arrived(bytes.length, nowMs);
    }
    if (from.isPaused() && line.waitMs(nowMs) < BUFFER_MS) from.resume();
  }, TICK_MS);
  const end = (): void => {
    clearInterval(ticking);
    from.destroy();
    to.destroy();
  };
  for (const socket of [from, to]) socket.setNoDelay(true).once('close', end).once('error', end);
}
