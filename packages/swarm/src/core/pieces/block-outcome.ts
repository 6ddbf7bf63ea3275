import type { SessionId } from '../input.js';

/** What became of a block that a peer sent. */
export type BlockOutcome =
  | {
      readonly kind: 'accepted';
      /** It was the last one: commit the piece. */
      readonly isPieceComplete: boolean;
      /** The few that are missing were all asked of the one who sent this: the piece is there in a moment. */
      readonly isRestComing: boolean;
      /** Others who had been asked for this block, and need not send it any more. */
      readonly cancel: readonly SessionId[];
    }
  /** We have it already. */
  | { readonly kind: 'duplicate' }
  /** No block of this torrent, or of a piece that another peer must deliver alone. */
  | { readonly kind: 'unwanted' };
