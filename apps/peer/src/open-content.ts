import type { CommandContext } from '@p2p/cli';
import { type ContentPlace, type FilePieceStore, openFilePieceStore, type StorageWorker } from '@p2p/storage';
import type { Metainfo } from '@p2p/wire';

/** Choices for a store. */
export interface ContentChoices {
  readonly place: ContentPlace;
  readonly overwrite: boolean;
  readonly journalFolder: string;
}

/** Opens the store of content to be fetched, taking up what is there; a check that takes time is told. */
export async function openContent(
  metainfo: Metainfo,
  { place, overwrite, journalFolder }: ContentChoices,
  { worker, context }: { readonly worker: StorageWorker; readonly context: CommandContext },
): Promise<FilePieceStore> {
  const { name } = metainfo;
  return openFilePieceStore(metainfo, {
    ...place,
    overwrite,
    worker,
    stateDir: journalFolder,
    check: {
      signal: context.signal,
      onProgress: (bytes, total) => {
        context.emit({ kind: 'checking', name, bytes, total });
      },
    },
  });
}
