import { join } from 'node:path';

import ts from 'typescript';

/** A TypeScript module that need not be on the disk. */
export interface Snippet {
  /** Unique; the module is checked as if it lay in the package's folder `examples`, under this name. */
  readonly name: string;
  readonly text: string;
}

/** What the compiler finds wrong in snippets that are written as somebody would who uses the package in `directory`. */
export function typeErrorsIn(snippets: readonly Snippet[], directory: string): string[] {
  const options = optionsOf(join(directory, 'tsconfig.json'));
  const texts = new Map(snippets.map(({ name, text }) => [join(directory, 'examples', name), text]));
  const host = ts.createCompilerHost(options);
  const read = (path: string): string | undefined => texts.get(path) ?? ts.sys.readFile(path);
  host.fileExists = (path) => texts.has(path) || ts.sys.fileExists(path);
  host.readFile = read;
  host.getSourceFile = (path, target) => {
    const text = read(path);
    return text === undefined ? undefined : ts.createSourceFile(path, text, target);
  };
  const program = ts.createProgram([...texts.keys()], options, host);
  return [...texts.keys()].flatMap((path) => {
    const file = program.getSourceFile(path);
    return [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)].map(describeError);
  });
}

function optionsOf(configPath: string): ts.CompilerOptions {
  const parsed = ts.getParsedCommandLineOfConfigFile(
    configPath,
    {},
    {
      ...ts.sys,
      onUnRecoverableConfigFileDiagnostic: (diagnostic) => {
        throw new Error(describeError(diagnostic));
      },
    },
  );
  return parsed?.options ?? {};
}

function describeError({ file, start = 0, messageText }: ts.Diagnostic): string {
  const message = ts.flattenDiagnosticMessageText(messageText, '\n');
  if (file === undefined) return message;
  return `${file.fileName}:${file.getLineAndCharacterOfPosition(start).line + 1}: ${message}`;
}
