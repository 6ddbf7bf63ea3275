import { closeSync, openSync, writeFileSync } from 'node:fs';
import { arch, constants, cpus, loadavg, platform, release } from 'node:os';

import { installMissing } from './install-missing.js';
import { measureCase, type CaseReport } from './measure-case.js';
import { makeMemoryFolder } from './memory-file-system.js';
import { rerunInPrivateNetwork } from './private-network.js';
import { whyNotHere } from './programs/programs.js';
import { parseSettings, USAGE, type Settings } from './settings.js';

/** By default they end a program without its `exit` listeners, which remove gigabytes from memory and end other programs. */
const ENDING_SIGNALS = ['SIGHUP', 'SIGINT', 'SIGTERM'] as const;

// What a failure left running would keep us here: processes and files go with us.
process.exit(await main(process.argv.slice(2)));

/** @returns 0 when measured, 1 when something failed or the figures are not to be believed, 2 for usage */
async function main(args: readonly string[]): Promise<number> {
  let settings: Settings | undefined;
  try {
    settings = parseSettings(args);
  } catch (error) {
    console.error(`${messageOf(error)}\n\n${USAGE}`);
    return 2;
  }
  if (settings === undefined) {
    console.log(USAGE);
    return 0;
  }
  delete process.env['NODE_EXTRA_CA_CERTS']; // it adds 50 to 90 ms to every start of Node
  try {
    requireWritable(settings.jsonPath);
    installMissing(settings);
  } catch (error) {
    console.error(messageOf(error));
    return 1;
  }
  const elsewhere = rerunInPrivateNetwork();
  if (elsewhere !== undefined) return elsewhere;
  // Not `once`: who ends a whole group of processes sends a second one here, while the `exit` listeners run.
  for (const signal of ENDING_SIGNALS) process.on(signal, () => process.exit(128 + constants.signals[signal]));
  try {
    return await measure(settings);
  } catch (error) {
    console.error(messageOf(error));
    return 1;
  }
}

async function measure(settings: Settings): Promise<number> {
  const against = settings.against.filter(isHere);
  const machine = describeMachine();
  const folder = makeMemoryFolder();
  const reports: CaseReport[] = [];
  for (const name of settings.cases) reports.push(await measureCase(name, { ...settings, against }, folder));
  if (settings.jsonPath !== undefined) {
    writeFileSync(settings.jsonPath, JSON.stringify({ machine, cases: reports }, undefined, 2) + '\n');
  }
  return reports.some(({ invalid }) => invalid !== null) ? 1 : 0;
}

/** Measuring takes minutes: what could not be written at the end is refused at the start. */
function requireWritable(jsonPath: string | undefined): void {
  if (jsonPath !== undefined) closeSync(openSync(jsonPath, 'a'));
}

function isHere(name: Settings['against'][number]): boolean {
  const reason = whyNotHere(name);
  if (reason !== undefined) console.error(`left out: ${reason}`);
  return reason === undefined;
}

function describeMachine(): object {
  const processors = cpus();
  const [load = 0] = loadavg();
  if (load > processors.length / 2) {
    console.error(
      `the load is ${load.toFixed(1)} on ${processors.length} cores: better wait until the machine is idle`,
    );
  }
  const system = `${platform()} ${release()} ${arch()}`;
  return {
    processor: processors[0]?.model ?? 'unknown',
    cores: processors.length,
    system,
    node: process.version,
    load,
  };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
