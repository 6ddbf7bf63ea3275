import { CliError, type CommandContext } from '@p2p/cli';
import { createMetainfo, type CreatedMetainfo, type CreateMetainfoOptions } from '@p2p/storage';

/** What may be chosen of a torrent that is made. */
export type MetainfoChoices = Pick<CreateMetainfoOptions, 'pieceLength' | 'name' | 'isPrivate'>;

/**
 * Makes the metainfo of what lies at a path, and tells how far it is.
 *
 * @throws {CliError} `refused` if it is too much for one torrent, or has no name; and whatever storage says about the path
 */
export async function makeMetainfo(
  path: string,
  choices: MetainfoChoices,
  context: CommandContext,
): Promise<CreatedMetainfo> {
  try {
    return await createMetainfo(path, {
      ...choices,
      signal: context.signal,
      onProgress: (bytes, total) => {
        context.emit({ kind: 'checking', name: path, bytes, total });
      },
    });
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new CliError('refused', `${path}: ${error.message}`, { cause: error });
  }
}
