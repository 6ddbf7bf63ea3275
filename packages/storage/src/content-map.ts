/** One file of a content: a span of the stream that pieces are cut from. Can be posted to a worker. */
export interface ContentFile {
  /** Absolute. */
  readonly path: string;
  readonly length: number;
  /** Where it begins in the stream of the whole content. */
  readonly offset: number;
  /** False for padding and for links, which are never written and read as zeros. */
  readonly isStored: boolean;
  readonly isExecutable: boolean;
}

/** A part of one file. */
export interface ContentSegment {
  readonly fileIndex: number;
  /** Where the part begins in its file. */
  readonly begin: number;
  readonly length: number;
}

/**
 * Finds which parts of which files make up a range of the content.
 *
 * The files are in the order of the stream and leave no gap in it; those of no length belong to no range.
 */
export class ContentMap {
  readonly files: readonly ContentFile[];
  readonly totalBytes: number;
  /** Whether a part of the content is never written: padding, most often. */
  readonly hasPadding: boolean;
  readonly #spans: readonly { readonly fileIndex: number; readonly file: ContentFile }[];

  constructor(files: readonly ContentFile[]) {
    this.files = files;
    this.#spans = files.flatMap((file, fileIndex) => (file.length > 0 ? [{ fileIndex, file }] : []));
    this.hasPadding = this.#spans.some(({ file }) => !file.isStored);
    const last = this.#spans.at(-1)?.file;
    this.totalBytes = last === undefined ? 0 : last.offset + last.length;
  }

  /** The parts in order. What lies past the end of the content is left out. */
  segments(offset: number, length: number): ContentSegment[] {
    const result: ContentSegment[] = [];
    const end = Math.min(offset + length, this.totalBytes);
    let at = offset;
    for (let index = this.#spanAt(offset); at < end; index++) {
      const span = this.#spans[index];
      if (span === undefined) break;
      const begin = at - span.file.offset;
      const part = Math.min(span.file.length - begin, end - at);
      result.push({ fileIndex: span.fileIndex, begin, length: part });
      at += part;
    }
    return result;
  }

  /** The parts in files that are written: all but padding and links. */
  storedSegments(offset: number, length: number): ContentSegment[] {
    return this.segments(offset, length).filter(({ fileIndex }) => this.file(fileIndex).isStored);
  }

  /** The file with that index. */
  file(fileIndex: number): ContentFile {
    const file = this.files[fileIndex];
    if (file === undefined)
      throw new RangeError(`"fileIndex" expected 0 to ${this.files.length - 1}, got ${fileIndex}`);
    return file;
  }

  /** Index of the last span that begins at or before the offset. */
  #spanAt(offset: number): number {
    let low = 0;
    let high = this.#spans.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >>> 1;
      if ((this.#spans[middle]?.file.offset ?? Infinity) <= offset) low = middle;
      else high = middle - 1;
    }
    return low;
  }
}
