import type { BencodeValue } from './bencode-value.js';
import { MAX_PATH_DEPTH, SHA1_BYTES } from './constants.js';
import { FieldReader, kindOf } from './field-reader.js';
import { bytesToLatin1, decodeUtf8 } from './utf8.js';

/** One file of a torrent. */
export interface FileEntry {
  /** `[name]` for a single file, else `[name, ...path]`. Foreign text: it becomes a path only through storage's safe-path. */
  readonly path: readonly string[];
  /** Bytes; 0 for a symbolic link. */
  readonly length: number;
  /** Where its bytes begin in the whole content. */
  readonly offset: number;
  /** Zeros that only align the next file; not written to disk (BEP 47, `attr` p). */
  readonly isPadding: boolean;
  /** BEP 47, `attr` x. */
  readonly isExecutable: boolean;
  /** BEP 47, `attr` l: the elements of the path it points to, relative to the torrent's root. Not yet safe. */
  readonly symlinkTarget?: readonly string[] | undefined;
  /** SHA-1 of the whole file, 20 bytes, if the maker said so. */
  readonly sha1?: Uint8Array | undefined;
}

/** Reads the file or files of an info dictionary; the result is never empty and its sum is a safe integer. */
export function decodeFiles(info: FieldReader, name: string): FileEntry[] {
  const list = info.list('files');
  if (list === undefined) return [decodeFile(info, [name], 0)];
  if (info.has('length')) throw info.error('info: expected either "length" or "files", found both');
  if (list.length === 0) throw info.error('"files": expected at least one file, found none');
  const files: FileEntry[] = [];
  let offset = 0;
  for (const item of list) {
    const fields = new FieldReader(item, 'bad-metainfo', `file ${files.length}`);
    const file = decodeFile(fields, [name, ...decodePath(fields)], offset);
    files.push(file);
    offset += file.length;
    if (!Number.isSafeInteger(offset)) throw info.error('"files": expected a total that is a safe integer, found more');
  }
  return files;
}

function decodeFile(fields: FieldReader, path: readonly string[], offset: number): FileEntry {
  const attributes = bytesToLatin1(fields.bytes('attr') ?? new Uint8Array(0));
  const isSymlink = attributes.includes('l');
  // A link has no bytes of its own; its length may be absent (BEP 47).
  const length = isSymlink ? 0 : fields.required('length', fields.integer('length', 0, Number.MAX_SAFE_INTEGER));
  return {
    path,
    length,
    offset,
    isPadding: attributes.includes('p'),
    isExecutable: attributes.includes('x'),
    symlinkTarget: isSymlink ? decodeElements(fields, 'symlink path') : undefined,
    sha1: decodeFileSha1(fields),
  };
}

/** libtorrent ignores a digest of another length, and so do we: it is only a convenience. */
function decodeFileSha1(fields: FieldReader): Uint8Array | undefined {
  const value = fields.value('sha1');
  return value instanceof Uint8Array && value.length === SHA1_BYTES ? value : undefined;
}

function decodePath(fields: FieldReader): string[] {
  return decodeElements(fields, fields.has('path.utf-8') ? 'path.utf-8' : 'path');
}

function decodeElements(fields: FieldReader, key: string): string[] {
  const list = fields.required(key, fields.list(key));
  if (list.length < 1 || list.length > MAX_PATH_DEPTH) {
    throw fields.error(`"${key}": expected 1 to ${MAX_PATH_DEPTH} elements, found ${list.length}`);
  }
  return list.map((element) => decodeElement(fields, key, element));
}

function decodeElement(fields: FieldReader, key: string, element: BencodeValue): string {
  if (element instanceof Uint8Array) return decodeUtf8(element);
  throw fields.error(`"${key}": expected strings, found ${kindOf(element)}`);
}
