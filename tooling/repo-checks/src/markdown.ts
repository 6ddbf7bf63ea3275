/** One fenced block of a Markdown file. */
export interface Fence {
  /** First word after the fence: `ts`, `sh`, `mermaid`; empty if there is none. */
  readonly language: string;
  /** What follows the language, such as `norun: needs a network`. */
  readonly note: string;
  readonly text: string;
  /** Of the opening fence, from 1. */
  readonly line: number;
}

/** The fenced blocks of a Markdown text, in order. Blocks must be closed by as many backticks as they were opened with. */
export function fencesOf(markdown: string): Fence[] {
  const fences: Fence[] = [];
  const lines = markdown.split('\n');
  for (let index = 0; index < lines.length; index += 1) {
    const opening = /^(\s*)(`{3,})\s*(\S*)\s*(.*)$/.exec(lines[index] ?? '');
    if (opening === null) continue;
    const [, indent = '', ticks = '', language = '', note = ''] = opening;
    const end = lines.findIndex((line, at) => at > index && line.trim() === ticks);
    if (end < 0) throw new Error(`the fence opened in line ${index + 1} is never closed`);
    const text = lines.slice(index + 1, end).map((line) => line.slice(indent.length));
    fences.push({ language, note: note.trim(), text: `${text.join('\n')}\n`, line: index + 1 });
    index = end;
  }
  return fences;
}

/** The rows of all tables of a Markdown text, cells trimmed, without the rows of dashes. */
export function tableRowsOf(markdown: string): string[][] {
  return markdown
    .split('\n')
    .filter((line) => line.startsWith('|') && !/^[|\s:-]+$/.test(line))
    .map((line) => line.split(/(?<!\\)\|/).slice(1, -1))
    .map((cells) => cells.map((cell) => cell.trim()));
}
