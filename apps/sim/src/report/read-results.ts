import { createReadStream } from 'node:fs';
import { addAbortSignal, type Readable } from 'node:stream';

import type { z } from 'zod';

import { messageOf, SimError } from '../sim-error.js';
import type { ResultCollection } from './result-collection.js';
import { modelResultSchema, realRunSchema } from './result-schema.js';

/**
 * Reads files of JSON lines, each a result of `p2p-sim model` or `run --json`, one line at a time.
 *
 * @param names paths; `-` is the standard input
 * @throws {SimError} `bad-option` for a file that cannot be read, `bad-results` for a line that is no result: both with its
 *   place; or the signal's reason
 */
export async function readResults(
  names: readonly string[],
  into: ResultCollection,
  interrupted: AbortSignal,
): Promise<void> {
  for (const name of names) await readLines(name, into, interrupted);
}

async function readLines(name: string, into: ResultCollection, interrupted: AbortSignal): Promise<void> {
  const shown = name === '-' ? 'standard input' : name;
  let lineNumber = 0;
  try {
    for await (const line of linesOf(addAbortSignal(interrupted, open(name)))) {
      lineNumber++;
      if (line.trim() !== '') takeLine(line, `${shown}:${lineNumber}`, into);
    }
  } catch (error) {
    interrupted.throwIfAborted();
    if (error instanceof SimError) throw error;
    throw new SimError(
      'bad-option',
      `${shown}: expected a file of results, but it cannot be read: ${messageOf(error)}`,
      {
        cause: error,
      },
    );
  }
}

/** Not a stream of our own on descriptor 0: a pipe whose writer pauses is an error to that, once Node has made it non-blocking. */
function open(name: string): Readable {
  return name === '-' ? process.stdin : createReadStream(name);
}

/** Not `node:readline`: an error that comes after the last line was looked at would end the program. */
async function* linesOf(input: Readable): AsyncGenerator<string> {
  let unfinished = '';
  input.setEncoding('utf8');
  for await (const chunk of input) {
    const lines = (unfinished + String(chunk)).split(/\r?\n/);
    unfinished = lines.pop() ?? '';
    yield* lines;
  }
  yield unfinished;
}

function takeLine(line: string, place: string, into: ResultCollection): void {
  const value = parseJson(line, place);
  if (isMarked(value, 'schema', 'p2p-sim/model/1')) into.addModel(parse(modelResultSchema, value, place));
  else if (isMarked(value, 'event', 'result') && isMarked(value, 'mode', 'run')) {
    into.addRun(parse(realRunSchema, value, place));
  } else {
    throw new SimError(
      'bad-results',
      `${place}: expected a result of "p2p-sim model --json" or "run --json", got ${beginningOf(line)}`,
    );
  }
}

function parseJson(line: string, place: string): unknown {
  try {
    return JSON.parse(line);
  } catch (error) {
    throw new SimError(
      'bad-results',
      `${place}: expected one JSON object, got ${beginningOf(line)}. Was its writer stopped half-way? Then delete the line, and run its seed again`,
      { cause: error },
    );
  }
}

function isMarked(value: unknown, key: string, mark: string): boolean {
  return typeof value === 'object' && value !== null && Object.entries(value).some(([k, v]) => k === key && v === mark);
}

function parse<T extends z.ZodType>(schema: T, value: unknown, place: string): z.infer<T> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const field = issue?.path.join('.') ?? '';
  throw new SimError('bad-results', `${place}: the result's \`${field}\`: ${issue?.message ?? 'not as expected'}`);
}

function beginningOf(line: string): string {
  return line.length <= SHOWN_CHARACTERS ? line : `${line.slice(0, SHOWN_CHARACTERS)}…`;
}

const SHOWN_CHARACTERS = 60;
