import { describe, expect, it } from 'vitest';

import type { CloseReason } from '../../src/core/close-reason.js';
import { linkEndOf, type Surroundings } from '../../src/core/links/link-end.js';
import { Session } from '../../src/core/session.js';
import { DEFAULT_SWARM_OPTIONS } from '../../src/swarm-options.js';

const SECOND = 1_000;
const LEFT: CloseReason = { party: 'transport', code: 'lost', detail: '' };

interface LinkSettings {
  readonly closeReason?: CloseReason;
  readonly lastedMs?: number;
  readonly hasToldUs?: boolean;
  readonly sentBytes?: number;
}

/** What the end of a link is to a node in a healthy swarm, unless said otherwise. */
function end(settings: LinkSettings, surroundings: Partial<Surroundings> = {}) {
  const { closeReason = LEFT, lastedMs = SECOND, hasToldUs = false, sentBytes = 0 } = settings;
  const session = new Session(
    1,
    { isOutgoing: true, remote: { host: '20.1.0.1', port: 1 }, now: 0 },
    DEFAULT_SWARM_OPTIONS,
  );
  session.closeReason = closeReason;
  session.hasToldUs = hasToldUs;
  session.downloadedBytes = sentBytes;
  return linkEndOf(session, { now: lastedMs, linkCount: 30, fewLinks: 20, knownCount: 100, ...surroundings });
}

describe('the end of a link', () => {
  it('is no fault of a full node that told us whom to turn to', () => {
    // Found by S01: of 943 newcomers in nine seconds each came back at once, and the bootstrap peer let 1,521 in.
    expect(end({ hasToldUs: true }, { linkCount: 1 })).toBe('crowded');
    expect(end({ hasToldUs: false }, { linkCount: 1 })).toBe('useless');
  });

  it('may be that of all we have: then it is tried again soon', () => {
    expect(end({ hasToldUs: true }, { linkCount: 0 })).toBe('useless');
    expect(end({ hasToldUs: true, sentBytes: 1 }, { knownCount: 3, linkCount: 2 })).toBe('good');
    expect(end({ hasToldUs: true, lastedMs: 60 * SECOND }, { linkCount: 2 })).toBe('good');
  });

  it('is good after blocks or some time, unless the peer broke the rules or has too many links', () => {
    expect(end({ sentBytes: 1 }, { linkCount: 19 })).toBe('good');
    expect(end({ sentBytes: 1 })).toBe('crowded');
    expect(end({ sentBytes: 1, closeReason: { party: 'them', code: 'violation', detail: '' } })).toBe('useless');
    expect(end({ closeReason: { party: 'us', code: 'tooManyPeers', detail: '' } })).toBe('crowded');
  });
});
