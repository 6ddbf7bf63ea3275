import { readdirSync } from 'node:fs';

import { describe, expect, it } from 'vitest';

import { runProgram } from '../src/program.js';
import { CleanUp } from '../src/run/clean-up.js';
import { SimError } from '../src/sim-error.js';
import { sim } from './sim.js';
import { temporaryFolder } from './temporary-folder.js';
import { TextSink } from './text-sink.js';

describe('p2p-sim run', () => {
  it('prints one line of JSON on stdout, and everything else on stderr', async () => {
    const folder = temporaryFolder();
    const args = ['run', '--peers', '3', '--size', '100KiB', '--seed', '5', '--work-dir', folder, '--json'];
    const { exitCode, stdout, stderr } = await sim(args);
    expect(exitCode).toBe(0);
    expect(stdout.trimEnd().split('\n')).toHaveLength(1);
    expect(JSON.parse(stdout)).toMatchObject({
      event: 'result',
      mode: 'run',
      peers: 3,
      seeders: 1,
      seed: 5,
      length: 102_400,
      verified: 2,
      boundSeconds: null,
    });
    expect(stderr).toContain('Files are in');
    expect(readdirSync(folder)).toEqual([]);
  });

  it('prints lines and a summary for people', async () => {
    const { exitCode, stdout, stderr } = await sim(['run', '--peers', '3', '--size', '100KiB']);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/copies +2 of 2 complete, 2 verified by SHA-1/);
    expect(stdout).toMatch(/seeder-1 +200 KiB/);
    expect(stderr).toBe('');
  });

  it('hands limits on, and knows the bound that follows from them', async () => {
    const limits = ['--limit-up', '100KiB', '--limit-down', '50KiB/s'];
    const { stdout } = await sim(['run', '--peers', '3', '--size', '100KiB', '--json', ...limits]);
    expect(JSON.parse(stdout)).toMatchObject({ boundSeconds: 2 });
  });

  it('leaves the copies with --keep and says where', async () => {
    const folder = temporaryFolder();
    const { stderr } = await sim(['run', '--peers', '2', '--size', '1', '--keep', '--work-dir', folder]);
    const [made = 'nothing'] = readdirSync(folder);
    expect(stderr).toContain(`The copies are in ${folder}/${made}`);
    expect(readdirSync(`${folder}/${made}`)).toContain('peer-1.bin');
  });

  it('fails, with the reason, when a node does', async () => {
    const { exitCode, stdout, stderr } = await sim(['run', '--peers', '2', '--size', '1KiB', '--json'], 'crashing');
    expect(exitCode).toBe(1);
    expect(stderr).toContain('p2p-sim: peer-1 ended with exit code 7');
    expect(JSON.parse(stdout)).toMatchObject({ incomplete: 1, verified: 0 });
  });

  it('gives up after --stall-timeout', async () => {
    const args = ['run', '--peers', '2', '--size', '1KiB', '--stall-timeout', '1'];
    const { exitCode, stderr } = await sim(args, 'hanging');
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(/p2p-sim: nothing has moved for \d+ s/);
  });

  it('ends with the code of the signal when it is interrupted', async () => {
    const interrupted = AbortSignal.abort(new SimError('interrupted', 'stopped by SIGINT'));
    const { exitCode, stdout, stderr } = await sim(['run', '--peers', '2', '--size', '1KiB'], 'honest', interrupted);
    expect(exitCode).toBe(130);
    expect(stderr).toBe('p2p-sim: stopped by SIGINT\n');
    expect(stdout).not.toContain('copies');
  });

  it.each([
    ['an option that must be there', ['--peers', '2'], '--size'],
    ['a size', ['--peers', '2', '--size', 'big'], '--size'],
    ['a count', ['--peers', 'two', '--size', '1'], '--peers'],
    ['too few nodes', ['--peers', '1', '--size', '1'], '--peers: expected a whole number from 2 to 500, got 1'],
    ['too many seeders', ['--peers', '2', '--seeders', '2', '--size', '1'], '--seeders: expected'],
    ['a rate', ['--peers', '2', '--size', '1', '--limit-up', '0'], '--limit-up'],
    ['a piece size', ['--peers', '2', '--size', '1', '--piece-size', '1000'], '--piece-size'],
    ['a folder that is not there', ['--peers', '2', '--size', '1', '--work-dir', '/no/such'], '--work-dir'],
    ['an unknown option', ['--peers', '2', '--size', '1', '--pears', '3'], '--pears'],
  ])('refuses %s with exit code 2 and names it', async (_, args, named) => {
    const { exitCode, stdout, stderr } = await sim(['run', ...args]);
    expect(exitCode).toBe(2);
    expect(stderr).toContain(named);
    expect(stdout).toBe('');
  });
});

describe('p2p-sim demo', () => {
  it('shows one seeder and three leechers, and what came of it', async () => {
    const { exitCode, stdout } = await sim(['demo', '--size', '1MiB']);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/at most 16 MiB\/s/);
    expect(stdout).toMatch(/✔ 3 copies complete in .*same SHA-1 as the original/);
    expect(stdout).toMatch(/seeder-1 +gave +3 MiB, 3\.00 times the file/);
    expect(stdout).toContain('Try next:');
  });

  it('says nothing of a pace at full speed', async () => {
    const { exitCode, stdout } = await sim(['demo', '--size', '1MiB', '--full-speed'], 'silent');
    expect(exitCode).toBe(0);
    expect(stdout).not.toMatch(/at most|gave/);
  });

  it('fails with the reason, and without a cheerful summary', async () => {
    const { exitCode, stdout, stderr } = await sim(['demo', '--size', '1MiB'], 'corrupting');
    expect(exitCode).toBe(1);
    expect(stderr).toContain('p2p-sim: the copy of peer-1 differs');
    expect(stdout).not.toContain('Try next');
  });
});

describe('p2p-sim', () => {
  it.each(['', 'run', 'demo', 'report'])('%s --help shows an example', async (command) => {
    const { exitCode, stdout } = await sim([...command.split(' ').filter(Boolean), '--help']);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/Usage: p2p-sim/);
    expect(stdout).toMatch(/\$ p2p-sim (run|demo|report|model)/);
  });

  it('tells its version', async () => {
    expect(await sim(['--version'])).toEqual({ exitCode: 0, stdout: '1.2.3\n', stderr: '' });
  });

  it('shows what there is when it is called without a command', async () => {
    const { exitCode, stderr } = await sim([]);
    expect(exitCode).toBe(2);
    expect(stderr).toContain('run');
    expect(stderr).toContain('demo');
  });

  it('says how to build a node that is not there', async () => {
    const stdout = new TextSink();
    const stderr = new TextSink();
    const exitCode = await runProgram(['run', '--peers', '2', '--size', '1'], {
      version: '1.2.3',
      terminal: { stdout, stderr, now: () => 0 },
      platform: process.platform,
      environment: {},
      interruption: { signal: new AbortController().signal, exitCode: () => undefined },
      cleanUp: new CleanUp(),
      findNodeProgram: () => {
        throw new SimError('no-node-program', 'the node is not built');
      },
    });
    expect(exitCode).toBe(1);
    expect(stderr.text).toBe('p2p-sim: the node is not built\n');
  });
});
