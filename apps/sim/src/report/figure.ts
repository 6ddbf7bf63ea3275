import { escapeText, type Drawing } from './drawing.js';
import { palette, paletteCss } from './palette.js';

/** One picture with its words. */
export interface Figure {
  /** Names its file and its place on the page: `s01-completion`. */
  readonly id: string;
  /** A sentence: what the picture shows, with its figures. */
  readonly title: string;
  /** Which runs it shows, and how to read it. */
  readonly subtitle: string;
  readonly drawing: Drawing;
}

/** A name for a file, or a place on the page, whatever a result calls its scenario and settings. */
export function nameOf(...parts: readonly string[]): string {
  return parts
    .join('-')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-');
}

/** The picture as an element of a page that has the palette. Its words stand beside it, as text of the page. */
export function inlineSvg({ title, drawing: { width, height, body } }: Figure): string {
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="${escapeText(title)}" ${TEXT_STYLE}>${body}</svg>`;
}

/** The picture as a file of its own: with its words, on a background that follows the reader's light or dark page. */
export function standaloneSvg({ title, subtitle, drawing }: Figure): string {
  const titleLines = breakLines(title, drawing.width / TITLE_CHARACTER_WIDTH);
  const subtitleLines = breakLines(subtitle, drawing.width / SUBTITLE_CHARACTER_WIDTH);
  const top = titleLines.length * 21 + subtitleLines.length * 17 + 14;
  const [width, height] = [drawing.width + 2 * PADDING, top + drawing.height + 2 * PADDING];
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" ${TEXT_STYLE}>
<title>${escapeText(title)}</title>
<style>${paletteCss('svg')}</style>
<rect width="100%" height="100%" rx="6" fill="${palette.paper}"/>
<g transform="translate(${PADDING},${PADDING})">
${lines(titleLines, { y: 14, step: 21, attributes: `font-size="16" font-weight="600" fill="${palette.ink}"` })}
${lines(subtitleLines, { y: titleLines.length * 21 + 12, step: 17, attributes: `font-size="12.5" fill="${palette.muted}"` })}
<g transform="translate(0,${top})">${drawing.body}</g>
</g>
</svg>
`;
}

function lines(texts: readonly string[], at: { y: number; step: number; attributes: string }): string {
  return texts
    .map(
      (text, index) =>
        `<text y="${at.y + index * at.step}" text-anchor="start" ${at.attributes}>${escapeText(text)}</text>`,
    )
    .join('');
}

/** SVG does not break lines, and there is no font to measure here: widths are those of a wide one. */
function breakLines(text: string, maxCharacters: number): string[] {
  const broken: string[] = [];
  for (const word of text.split(' ')) {
    const line = broken.at(-1);
    if (line === undefined || line.length + 1 + word.length > maxCharacters) broken.push(word);
    else broken[broken.length - 1] = `${line} ${word}`;
  }
  return broken;
}

const TEXT_STYLE = `font-family="system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', sans-serif" font-size="12" fill="${palette.ink}" text-anchor="middle"`;
const PADDING = 18;
const TITLE_CHARACTER_WIDTH = 9.4;
const SUBTITLE_CHARACTER_WIDTH = 6.6;
