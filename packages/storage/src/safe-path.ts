import { createHash } from 'node:crypto';
import { join, sep } from 'node:path';

import { StorageError } from './storage-error.js';

/** The longest name of one file or folder, in bytes of UTF-8: what ext4, APFS and NTFS all hold. */
export const MAX_NAME_BYTES = 255;

/** The deepest path below the content's own folder. */
export const MAX_PATH_DEPTH = 100;

/** So many names may become one and the same before the content is refused (libtorrent's bound). */
export const MAX_NAME_COLLISIONS = 500;

/**
 * Turns the names in a metainfo into paths below `root`. This is the only way from foreign names to a path at which
 * something may be made.
 *
 * Every result lies below `root`, is fit for Windows, macOS and Linux alike, and differs from every other even on a
 * file system that ignores case and Unicode forms. The same names give the same paths on every machine:
 *
 * - names become NFC; control, bidirectional and invisible characters, and those that Windows forbids
 *   (`< > : " / \ | ? *`), become `_`, as do dots and spaces at the end, `.`, `..` and the empty name;
 * - names that Windows reserves (`CON`, `nul.txt`) get a `_` in front;
 * - names over 255 bytes are cut, and end in a part of the SHA-1 of the whole;
 * - a file whose path is already taken, by a file or a folder, becomes `name~2.ext`, `name~3.ext`, ...
 *
 * @param root the folder; taken as it is, for it comes from the user
 * @param names the elements of each path, in the order of the metainfo
 * @returns one path each, in the same order
 * @throws {StorageError} `unsafe-path` if a path has no element or more than 101, or more than 500 files want one name
 */
export function safePaths(root: string, names: readonly (readonly string[])[]): string[] {
  const cleaned = names.map(cleanElements);
  const taken = new Set<string>();
  for (const elements of cleaned) addFolders(elements, taken);
  const collisions = new Map<string, number>();
  // Safe elements need no normalizing, which for 10,000 files takes longer than all the rest.
  const beginning = join(root, '_').slice(0, -1);
  return cleaned.map((elements) => beginning + claim(elements, taken, collisions).join(sep));
}

/** {@link safePaths} for a single path. */
export function safePath(root: string, elements: readonly string[]): string {
  return join(root, ...cleanElements(elements));
}

/** Makes one name of a file or folder safe; see {@link safePaths} for how. */
export function safeName(name: string): string {
  if (plainName.test(name) && !reservedName.test(name)) return name;
  const replaced = name.normalize('NFC').replace(unsafeCharacters, '_').replace(trailingDotsAndSpaces, underscores);
  const visible = replaced === '' ? '_' : replaced;
  return shorten(reservedName.test(visible) ? `_${visible}` : visible, name);
}

/**
 * Where files lie that were not named by us: each name as it stands, if it is one name on this system and not a safe one.
 * Only to look for what is there already: under such a name nothing is made.
 *
 * @returns undefined if the safe path is the only one; always so on Windows, where names that are not safe mean other
 *   things than files (`a:b` is a stream of `a`)
 */
export function literalPath(root: string, elements: readonly string[]): string | undefined {
  const isPlausible = elements.length <= MAX_PATH_DEPTH + 1 && elements.every(isOneName);
  // Another Unicode form alone makes no other name: some file systems take both for the same.
  const isSafe = elements.every((name) => safeName(name) === name.normalize('NFC'));
  return process.platform === 'win32' || !isPlausible || isSafe ? undefined : join(root, ...elements);
}

function isOneName(name: string): boolean {
  const isHere = name === '' || name === '.' || name === '..';
  return !isHere && !noNameAnywhere.test(name) && Buffer.byteLength(name) <= MAX_NAME_BYTES;
}

function cleanElements(elements: readonly string[]): string[] {
  if (elements.length === 0 || elements.length > MAX_PATH_DEPTH + 1) {
    const shown = JSON.stringify(elements.slice(0, 3).join('/'));
    throw new StorageError(
      'unsafe-path',
      `the content names a path ${shown} of ${elements.length} elements; expected 1 to ${MAX_PATH_DEPTH + 1}`,
    );
  }
  return elements.map(safeName);
}

function addFolders(elements: readonly string[], taken: Set<string>): void {
  let key = '';
  for (const element of elements.slice(0, -1)) {
    key += `/${comparable(element)}`;
    taken.add(key);
  }
}

/** Takes the path, or the next free one like it. Folders were taken before: only files change their names. */
function claim(elements: readonly string[], taken: Set<string>, collisions: Map<string, number>): readonly string[] {
  const folders = elements.slice(0, -1);
  const name = elements.at(-1) ?? '_';
  const folderKey = folders.map((folder) => `/${comparable(folder)}`).join('');
  const wanted = `${folderKey}/${comparable(name)}`;
  let key = wanted;
  let result = name;
  while (taken.has(key)) {
    // Counted for each wanted name, so that many equal names cost linear time.
    const copy = (collisions.get(wanted) ?? 1) + 1;
    if (copy > MAX_NAME_COLLISIONS) {
      throw new StorageError('unsafe-path', `the content has more than ${MAX_NAME_COLLISIONS} files called "${name}"`);
    }
    collisions.set(wanted, copy);
    result = numbered(name, copy);
    key = `${folderKey}/${comparable(result)}`;
  }
  taken.add(key);
  return [...folders, result];
}

function numbered(name: string, copy: number): string {
  const { stem, extension } = split(name);
  const suffix = `~${copy}${extension}`;
  return cut(stem, MAX_NAME_BYTES - Buffer.byteLength(suffix)) + suffix;
}

/** Equal for names that any common file system takes for the same: coarser than each, which only renames more. */
function comparable(name: string): string {
  if (ascii.test(name)) return name.toLowerCase();
  // Lower case first: a capital sharp s has no other capital, but the small one becomes SS. Variation selectors and the like
  // count for nothing on ext4 and F2FS where they ignore case.
  const folded = name.normalize('NFKC').toLowerCase().toUpperCase().toLowerCase();
  return folded.replace(ignorableCharacters, '').normalize('NFKC');
}

function shorten(name: string, original: string): string {
  if (Buffer.byteLength(name) <= MAX_NAME_BYTES) return name;
  const { stem, extension } = split(name);
  const suffix = `~${createHash('sha1').update(original).digest('hex').slice(0, 8)}${extension}`;
  return cut(stem, MAX_NAME_BYTES - Buffer.byteLength(suffix)) + suffix;
}

/** The longest beginning of whole characters that fits. */
function cut(text: string, maxBytes: number): string {
  let bytes = 0;
  let result = '';
  for (const character of text) {
    bytes += Buffer.byteLength(character);
    if (bytes > maxBytes) break;
    result += character;
  }
  return result;
}

function split(name: string): { stem: string; extension: string } {
  const dot = name.lastIndexOf('.');
  const isExtension = dot > 0 && name.length - dot <= MAX_EXTENSION_CHARACTERS;
  return isExtension ? { stem: name.slice(0, dot), extension: name.slice(dot) } : { stem: name, extension: '' };
}

function underscores(text: string): string {
  return '_'.repeat(text.length);
}

/** With its dot: longer ones are part of the name. */
const MAX_EXTENSION_CHARACTERS = 17;

/** Most names: short, of ASCII that every system takes, and with no dot or space at the end. */
const plainName = /^[\w -][\w .-]{0,200}[\w-]$/;

/** Of which neither form nor case has more than the obvious. */
const ascii = /^[\x20-\x7E]*$/;

/**
 * Controls, formats (bidirectional, zero-width, tags), lone surrogates, line separators, letters that show nothing, and
 * what Windows forbids. Variation selectors stay: emoji are made with them.
 */
const unsafeCharacters =
  /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}<>:"/\\|?*]|\u034F|\u115F|\u1160|\u17B4|\u17B5|\u3164|\uFFA0/gu;

const ignorableCharacters = /\p{Default_Ignorable_Code_Point}/gu;

/** Separators and the end of a string for the system, and halves of characters, which would become others. */
const noNameAnywhere = /[/\0\p{Cs}]/u;

const trailingDotsAndSpaces = /[. \u00A0\u2000-\u200A\u202F\u205F\u3000]+$/u;

/** Device names, alone or before an extension, spaces between allowed; the superscript digits count as digits. */
const reservedName =
  /^(?:con|prn|aux|nul|conin\$|conout\$|clock\$|com[0-9\u00B9\u00B2\u00B3]|lpt[0-9\u00B9\u00B2\u00B3]) *(?:\.|$)/iu;
