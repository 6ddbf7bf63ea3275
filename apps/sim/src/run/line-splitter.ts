/** Cuts a stream of text into lines. Holds at most one unfinished line of {@link MAX_LINE_CHARACTERS}; a longer one is dropped. */
export class LineSplitter {
  #unfinished = '';
  #isSkipping = false;

  /** Returns the lines that `chunk` completes, without their line ends. */
  push(chunk: string): string[] {
    const lines = (this.#unfinished + chunk).split(/\r?\n/);
    this.#unfinished = lines.pop() ?? '';
    if (this.#isSkipping && lines.length > 0) {
      lines.shift();
      this.#isSkipping = false;
    }
    if (this.#unfinished.length > MAX_LINE_CHARACTERS) {
      this.#unfinished = '';
      this.#isSkipping = true;
    }
    return lines.filter((line) => line.length <= MAX_LINE_CHARACTERS);
  }
}

/** An event of a node takes a few hundred characters; a magnet link or a long path a few thousand. */
export const MAX_LINE_CHARACTERS = 65_536;
