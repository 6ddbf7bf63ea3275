import { openFilePieceStore } from '../src/open-file-piece-store.js';
import { describePieceStore } from './piece-store.contract.js';
import { temporaryFolder } from './temporary-folder.js';

describePieceStore('A store in files', {
  open: ({ metainfo }) => openFilePieceStore(metainfo, { folder: temporaryFolder() }),
  isFaithful: true,
});

describePieceStore('A store in files with a journal', {
  open: ({ metainfo }) => {
    const folder = temporaryFolder();
    return openFilePieceStore(metainfo, { path: `${folder}/content`, stateDir: `${folder}/state` });
  },
  isFaithful: true,
});
