/** One line of JSON that a program printed: an object whose fields are not yet known to be of any kind. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** The object on this line, or nothing when the line is other text. */
export function parseJsonObject(line: string): JsonObject | undefined {
  if (!line.startsWith('{')) return undefined;
  try {
    return asObject(JSON.parse(line));
  } catch {
    return undefined;
  }
}

/** @throws {TypeError} naming the field */
export function textField(object: JsonObject, field: string): string {
  const value = object[field];
  if (typeof value !== 'string') throw unexpected('a text', field, object);
  return value;
}

/** @throws {TypeError} naming the field */
export function numberField(object: JsonObject, field: string): number {
  const value = object[field];
  if (typeof value !== 'number') throw unexpected('a number', field, object);
  return value;
}

/** The objects in a list; an absent list is an empty one. */
export function objectsField(object: JsonObject, field: string): readonly JsonObject[] {
  const value: unknown = object[field];
  if (value === undefined) return [];
  if (!Array.isArray(value)) throw unexpected('a list', field, object);
  return value.map(asObject);
}

/** @throws {TypeError} for anything but an object */
export function asObject(value: unknown): JsonObject {
  if (typeof value !== 'object' || value === null) throw new TypeError(`expected an object, found ${String(value)}`);
  return Object.fromEntries(Object.entries(value));
}

function unexpected(expected: string, field: string, object: JsonObject): TypeError {
  return new TypeError(`expected ${expected} as "${field}" in ${JSON.stringify(object).slice(0, 500)}`);
}
