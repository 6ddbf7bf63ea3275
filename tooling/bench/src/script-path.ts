import { fileURLToPath } from 'node:url';

/** A script that runs as a process of its own, built beside main.js, into which this file is bundled. */
export function scriptPath(name: string): string {
  return fileURLToPath(new URL(`${name}.js`, import.meta.url));
}
