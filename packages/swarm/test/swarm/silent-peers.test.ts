import { BLOCK_BYTES } from '@p2p/wire';
import { describe, expect, it } from 'vitest';

import { CoreFixture } from '../fixtures/core-fixture.js';

const MINUTE = 60_000;
const GENEROUS = [{ type: 'haveAll' }, { type: 'unchoke' }] as const;

describe('peers that fall silent', () => {
  it('are asked again for a piece that must come from one peer only after those who owe us nothing', () => {
    // Found by the soup: what had timed out was asked of a silent peer again, and waited for its next, longer timeout.
    const node = new CoreFixture({ pieces: 2, storage: () => ({ kind: 'corrupt' }) });
    const polluter = node.peer('10.1.0.1', ...GENEROUS);
    node.hear(polluter, { type: 'piece', piece: 0, begin: 0, data: new Uint8Array(BLOCK_BYTES) });
    // A piece was spoilt: whoever has proved nothing yet delivers its pieces alone.
    const first = node.peer('10.2.0.1', ...GENEROUS);
    expect(node.sentTo(first, 'request')).toHaveLength(2);
    const second = node.peer('10.3.0.1', ...GENEROUS);
    expect(node.sentTo(second, 'request')).toHaveLength(0);
    node.wait(2 * MINUTE, () => node.sentTo(second, 'request').length > 1);
    expect(node.sentTo(second, 'request')).toHaveLength(2);
    const third = node.peer('10.4.0.1', ...GENEROUS);
    node.wait(2 * MINUTE, () => node.sentTo(third, 'request').length > 0);
    // One at once, for the second has been silent for a while; the other may still come from there.
    expect(node.sentTo(third, 'request')).toHaveLength(1);
    expect(node.sentTo(first, 'request')).toHaveLength(2);
    expect(node.sentTo(second, 'request')).toHaveLength(2);
  });
});
