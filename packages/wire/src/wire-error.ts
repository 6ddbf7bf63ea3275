/**
 * What was wrong with bytes or text from outside.
 *
 * - `frame-too-long`: a length prefix announces more than its message, or any message, may have
 * - `bad-length`: a frame is too short, or not exactly as long as its message
 * - `bad-handshake`: the first 68 bytes are not a BitTorrent handshake
 * - `bad-bencode`: not bencode, not whole, or beyond a limit (depth, tokens, keys, digits, size)
 * - `bad-metainfo`: bencode, but not a torrent we can use
 * - `bad-magnet`: not a magnet link with a v1 info-hash
 * - `bad-address`: not HOST:PORT, or a compact list of the wrong length
 * - `bad-bitfield`: wrong length for the piece count, or spare bits set
 * - `bad-extension`: the payload of an extension message does not follow its BEP
 * - `bad-hex`: not pairs of hexadecimal digits
 */
export type WireErrorCode =
  | 'frame-too-long'
  | 'bad-length'
  | 'bad-handshake'
  | 'bad-bencode'
  | 'bad-metainfo'
  | 'bad-magnet'
  | 'bad-address'
  | 'bad-bitfield'
  | 'bad-extension'
  | 'bad-hex';

/**
 * The only error that bytes or text from outside can cause. Misuse by the calling program is a `TypeError` or `RangeError`.
 *
 * The message is one line, safe to show: foreign text in it went through `printable`.
 */
export class WireError extends Error {
  override readonly name = 'WireError';
  /** What was wrong; branch on this, never on the message. */
  readonly code: WireErrorCode;

  constructor(code: WireErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}
