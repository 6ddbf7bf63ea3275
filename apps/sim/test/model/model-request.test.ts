import { describe, expect, it } from 'vitest';

import { resolveModelRequest, type ModelChoices } from '../../src/model/model-request.js';
import { SCENARIOS } from '../../src/model/scenarios/index.js';

function resolve(choices: Partial<ModelChoices>) {
  return resolveModelRequest({ scenario: 'S01', seed: 1, linkModel: 'chunk', payload: 'refs', ...choices });
}

describe('resolveModelRequest', () => {
  it.each<[string, Partial<ModelChoices>, string]>([
    [
      'too small a number',
      { set: ['uploadSlots=0'] },
      '--set uploadSlots: expected a whole number from 1 to 1000, got "0"',
    ],
    [
      'a fraction of a thing',
      { set: ['uploadSlots=1.5'] },
      '--set uploadSlots: expected a whole number from 1 to 1000',
    ],
    [
      'a time before the start',
      { set: ['arrivalSeconds=-5'] },
      '--set arrivalSeconds: expected a number from 0, got "-5"',
    ],
    ['more than all', { scenario: 'S05', set: ['freeriders=1.1'] }, 'expected a number from 0 to 1, got "1.1"'],
    [
      'a line without a rate',
      { scenario: 'S02', set: ['downOverUp=0'] },
      '--set downOverUp: expected a number from 0.01',
    ],
    ['a name that every object has', { set: ['constructor=true'] }, '"constructor" is not a setting of S01'],
    [
      'a link where the scenario has its own',
      { scenario: 'S03', set: ['link=fibre'] },
      '"link" is not a setting of S03',
    ],
    ['an unknown link', { set: ['link=fiber'] }, '"fiber" is not a choice. Did you mean fibre?'],
    [
      'more bytes than are made',
      { payload: 'bytes', peers: 2, pieces: 2_048 },
      'at most 64 MiB of content, got 128 MiB',
    ],
    ['bytes for a crowd', { payload: 'bytes', peers: 101 }, 'expected at most 100 peers, got 101'],
    ['fluids for a crowd', { linkModel: 'fluid', peers: 501 }, 'expected at most 500 peers, got 501'],
    ['faults without time', { linkModel: 'ideal', scenario: 'S06' }, '--link ideal: expected --scenario S01, got S06'],
    ['blocks without time', { linkModel: 'ideal', payload: 'bytes', peers: 4 }, 'expected --payload refs, got bytes'],
    ['options of nodes without time', { linkModel: 'ideal', set: ['choker=anti-leech'] }, 'got choker'],
  ])('refuses %s, and says what it expects', (_, choices, message) => {
    expect(() => resolve(choices)).toThrow(message);
    expect(() => resolve(choices)).toThrow(expect.objectContaining({ code: 'bad-option' }));
  });

  it('takes the default of every setting of every scenario when it is given by hand', () => {
    for (const { id, settings } of SCENARIOS) {
      const set = Object.entries(settings).map(([key, { value }]) => `${key}=${value}`);
      expect(Object.keys(resolve({ scenario: id, set }).settings), id).toEqual(Object.keys(settings));
    }
  });

  it('knows the command that asks for the same again, whatever the defaults', () => {
    const request = resolve({
      scenario: 'S06',
      seed: 3,
      peers: 4,
      pieces: 8,
      linkModel: 'fluid',
      payload: 'bytes',
      set: ['churnShare=0.5', 'link=fibre'],
    });
    expect(request.command).toBe(
      'p2p-sim model --scenario S06 --peers 4 --seed 3 --pieces 8 --piece-size 65536 --link fluid --payload bytes --set churnShare=0.5 --set link=fibre',
    );
  });
});
