import { createHash, randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** An empty folder of a test's own. */
export class ScratchFolder {
  #path = newFolder();

  get path(): string {
    return this.#path;
  }

  /** Another one, empty, in its place. */
  renew(): void {
    this.remove();
    this.#path = newFolder();
  }

  /** Options that keep a node to this machine and this folder. */
  local(state = 'state'): string[] {
    return ['--port', '0', '--bind', '127.0.0.1', '--state-dir', this.at(state)];
  }

  at(...names: readonly string[]): string {
    return join(this.path, ...names);
  }

  /** Makes a file of so many random bytes. */
  file(name: string, bytes: number): Buffer {
    const content = randomBytes(bytes);
    writeFileSync(this.at(name), content);
    return content;
  }

  read(...names: readonly string[]): Buffer {
    return readFileSync(this.at(...names));
  }

  remove(): void {
    rmSync(this.path, { recursive: true, force: true });
  }
}

function newFolder(): string {
  return mkdtempSync(join(tmpdir(), 'p2p-peer-'));
}

/** The SHA-1 in hex, by another implementation than the one under test. */
export function sha1Hex(bytes: Uint8Array): string {
  return createHash('sha1').update(bytes).digest('hex');
}
