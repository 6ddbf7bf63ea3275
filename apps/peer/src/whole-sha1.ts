import { CliError } from '@p2p/cli';
import type { FilePieceStore } from '@p2p/storage';
import { type Metainfo, sameBytes, toHex } from '@p2p/wire';

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
  const { whole, files } = isEachNamed(metainfo)
    ? await store.contentSha1s({ signal })
    : { whole: await store.wholeSha1({ signal }), files: [] };
  const named: readonly Named[] = [
    { name: path, found: whole, expected: metainfo.sha1 },
    ...files.map((found, index) => ({ name: nameOf(metainfo, index), found, expected: metainfo.files[index]?.sha1 })),
  ];
  const wrong = named.find(({ found, expected }) => expected !== undefined && !sameBytes(expected, found));
  if (wrong !== undefined) throw await mismatch(wrong, store, signal);
  return toHex(whole);
}

/** Whether the metainfo says the SHA-1 of each file of a folder, or of some. */
function isEachNamed({ isSingleFile, files }: Metainfo): boolean {
  return !isSingleFile && files.some((file) => file.sha1 !== undefined);
}

function nameOf({ files }: Metainfo, index: number): string {
  return (files[index]?.path ?? []).join('/');
}

interface Named {
  readonly name: string;
  readonly found: Uint8Array;
  readonly expected: Uint8Array | undefined;
}

/**
 * Either the bytes have changed since their pieces were verified, which the journal after a crash does not tell, or whoever made the
 * torrent reckoned wrong. The pieces say which; those that are wrong are fetched at the next start.
 */
async function mismatch(
  { name, found, expected }: Named,
  store: FilePieceStore,
  signal: AbortSignal,
): Promise<CliError> {
  const right = await store.verifyAll({ signal });
  const wrongCount = right.size - right.count;
  const difference = `the SHA-1 of the whole is ${toHex(found)}, expected ${toHex(expected ?? new Uint8Array())}`;
  return new CliError(
    'sha1-mismatch',
    wrongCount === 0
      ? `${name}: every piece is right, but ${difference}; whoever made the torrent got it wrong: ask them for another, the file is kept`
      : `${name}: ${difference}: ${String(wrongCount)} of ${String(right.size)} pieces were changed on the disk after they were verified; ` +
          'start again to fetch them',
  );
}
