/**
 * One message between peers, after the handshake.
 *
 * Integers are as on the wire (unsigned, not yet checked against a torrent). Bytes in a received message are *views* into
 * the chunk or the decoder's buffer: copy them before the next `push` if you keep them.
 *
 * @see BEP 3, "peer messages"; BEP 5 (port); BEP 6 (suggest to allowed fast); BEP 10 (extended)
 */
export type Message =
  | { readonly type: 'keepAlive' }
  | { readonly type: 'choke' }
  | { readonly type: 'unchoke' }
  | { readonly type: 'interested' }
  | { readonly type: 'notInterested' }
  | { readonly type: 'have'; readonly piece: number }
  | { readonly type: 'bitfield'; readonly bits: Uint8Array }
  | { readonly type: 'request'; readonly piece: number; readonly begin: number; readonly length: number }
  | { readonly type: 'piece'; readonly piece: number; readonly begin: number; readonly data: Uint8Array }
  | { readonly type: 'cancel'; readonly piece: number; readonly begin: number; readonly length: number }
  | { readonly type: 'port'; readonly port: number }
  | { readonly type: 'suggest'; readonly piece: number }
  | { readonly type: 'haveAll' }
  | { readonly type: 'haveNone' }
  | { readonly type: 'reject'; readonly piece: number; readonly begin: number; readonly length: number }
  | { readonly type: 'allowedFast'; readonly piece: number }
  | { readonly type: 'extended'; readonly extensionId: number; readonly payload: Uint8Array }
  /** An id we do not know: counted and ignored by the receiver, never sent. */
  | { readonly type: 'unknown'; readonly id: number; readonly payload: Uint8Array };
