import { describe, expect, it } from 'vitest';

import { parseNodeEvent } from '../../src/run/node-event.js';

const parse = (value: unknown) => parseNodeEvent(JSON.stringify(value));

describe('parseNodeEvent', () => {
  it.each([
    { event: 'listening', host: '127.1.0.1', port: 6881 },
    { event: 'sharing', infoHash: 'ab' },
    { event: 'metadata', pieces: 7 },
    { event: 'progress', bytes: 1, total: 2, downRate: 3.5, upRate: 4, peers: 5 },
    { event: 'peer', state: 'closed', address: '127.1.0.1:6881', reason: 'we stopped' },
    { event: 'complete', length: 3, sha1: 'ab' },
    { event: 'status', uploaded: 1, downloaded: 2, wasted: 3, corrupt: 4 },
    { event: 'error', code: 'disk-full', message: 'No room' },
  ])('reads $event, and leaves out what a run does not need', (event) => {
    expect(parse({ ...event, somethingNew: [1, 2, 3] })).toEqual(event);
  });

  it('takes a status that does not say everything', () => {
    expect(parse({ event: 'status', uploaded: 5 })).toEqual({
      event: 'status',
      uploaded: 5,
      downloaded: undefined,
      wasted: undefined,
      corrupt: undefined,
    });
  });

  it.each([
    ['text that is not JSON', 'Debugger attached.'],
    ['an empty line', ''],
    ['a JSON value that is no object', '[{"event":"seeding"}]'],
    ['null', 'null'],
    ['an event that a run does not need', '{"event":"seeding","infoHash":"ab"}'],
    ['a name that every object has', '{"event":"constructor"}'],
    ['a missing field', '{"event":"listening","host":"127.1.0.1"}'],
    ['a field of the wrong kind', '{"event":"progress","bytes":"1","total":2}'],
    ['a negative count', '{"event":"progress","bytes":-1,"total":2}'],
    ['an unknown state', '{"event":"peer","state":"dreaming","address":"127.1.0.1:1"}'],
  ])('passes over %s', (_, line) => {
    expect(parseNodeEvent(line)).toBeUndefined();
  });
});
