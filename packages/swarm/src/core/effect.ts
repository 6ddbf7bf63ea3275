import type { BlockRef, Handshake, Metainfo, PeerAddress, PieceIndex } from '@p2p/wire';

import type { CloseReason } from './close-reason.js';
import type { CodedError, CoreMessage, SessionId } from './input.js';
import type { Payload } from './payload.js';

/** Everything the core can want done. */
export type Effect<P extends Payload = Payload> =
  | { readonly kind: 'dial'; readonly session: SessionId; readonly address: PeerAddress }
  | { readonly kind: 'sendHandshake'; readonly session: SessionId; readonly handshake: Handshake }
  | { readonly kind: 'send'; readonly session: SessionId; readonly message: CoreMessage<P> }
  | { readonly kind: 'close'; readonly session: SessionId; readonly reason: CloseReason }
  /** Copy a block into its piece; the payload is valid only now. */
  | { readonly kind: 'writeBlock'; readonly piece: PieceIndex; readonly begin: number; readonly data: P }
  | { readonly kind: 'commitPiece'; readonly piece: PieceIndex }
  /** Forget the blocks of a piece that is not complete: the buffer is free. */
  | { readonly kind: 'discardPiece'; readonly piece: PieceIndex }
  | { readonly kind: 'readBlock'; readonly session: SessionId; readonly block: BlockRef }
  | { readonly kind: 'publish'; readonly event: SwarmEvent };

/** What the people outside may want to know. */
export type SwarmEvent =
  /** The info dictionary arrived and matches the info-hash: open storage, then `attachStorage`. */
  | { readonly kind: 'metadata'; readonly metainfo: Metainfo }
  /** The info dictionary matches the info-hash and makes no sense all the same: whoever made the torrent is to blame. */
  | { readonly kind: 'metadataInvalid'; readonly error: CodedError }
  | { readonly kind: 'peerConnected'; readonly address: PeerAddress; readonly client: string }
  | {
      readonly kind: 'peerClosed';
      readonly address: PeerAddress;
      readonly client: string;
      readonly reason: CloseReason;
    }
  | { readonly kind: 'pieceStored'; readonly piece: PieceIndex }
  | { readonly kind: 'pieceCorrupt'; readonly piece: PieceIndex }
  /** Every piece is stored; from now on we only upload. */
  | { readonly kind: 'complete' }
  /** Storage refused to read or write; the download pauses and tries again later. */
  | { readonly kind: 'storageFailed'; readonly error: CodedError };
