import { escapeText } from './drawing.js';

/** Markup that is safe to put on the page. */
export class Html {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** Joins markup and values; whatever is not markup itself is escaped. */
export function html(
  parts: TemplateStringsArray,
  ...values: readonly (Html | readonly Html[] | string | number)[]
): Html {
  const texts = parts.map((part, index) => part + (index < values.length ? render(values[index] ?? '') : ''));
  return new Html(texts.join(''));
}

function render(value: Html | readonly Html[] | string | number): string {
  if (value instanceof Html) return value.text;
  if (typeof value === 'string' || typeof value === 'number') return escapeText(String(value));
  return value.map(({ text }) => text).join('');
}
