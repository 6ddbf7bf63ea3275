import { CliError } from '@p2p/cli';
import type { FilePieceStore } from '@p2p/storage';
import { type Metainfo, toHex } from '@p2p/wire';

/** What the metainfo says of the whole, in hex: for a single file it may. */
export function claimedSha1({ isSingleFile, sha1 }: Metainfo): string | undefined {
  return isSingleFile && sha1 !== undefined ? toHex(sha1) : undefined;
}

/**
 * The SHA-1 of the content in hex, read from the disk, off the main thread; compared with what the metainfo promises.
 *
 * @throws {CliError} `sha1-mismatch`
 */
export async function wholeSha1(store: FilePieceStore, path: string, signal: AbortSignal): Promise<string> {
  const { metainfo } = store;
  const found = toHex(await store.wholeSha1({ signal }));
  if (metainfo.isSingleFile) {
    compareSha1(path, found, metainfo.sha1);
  } else if (metainfo.files.some((file) => file.sha1 !== undefined)) {
    const digests = await store.fileSha1s({ signal });
    metainfo.files.forEach((file, index) => {
      compareSha1(file.path.join('/'), toHex(digests[index] ?? new Uint8Array()), file.sha1);
    });
  }
  return found;
}

function compareSha1(name: string, found: string, expected: Uint8Array | undefined): void {
  if (expected === undefined || toHex(expected) === found) return;
  throw new CliError(
    'sha1-mismatch',
    `${name}: every piece is right, but the SHA-1 of the whole is ${found}, expected ${toHex(expected)}; ` +
      'whoever made the torrent got it wrong: ask them for another, the file is kept',
  );
}
