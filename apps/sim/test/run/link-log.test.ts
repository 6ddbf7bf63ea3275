import { describe, expect, it } from 'vitest';

import { LinkLog } from '../../src/run/link-log.js';

/** Three nodes on addresses of their own; the first is the seeder whom the others were told of. */
function threeNodes(): LinkLog {
  const log = new LinkLog(['127.1.0.1', '127.2.0.1', '127.3.0.1']);
  log.handleListening(0, '127.1.0.1:1000');
  for (const nodeIndex of [1, 2]) log.handleTold(nodeIndex, ['127.1.0.1:1000']);
  return log;
}

describe('LinkLog', () => {
  it('joins what both ends of a link report into one', () => {
    const log = threeNodes();
    log.handlePeer(1, 'connected', '127.1.0.1:1000');
    log.handlePeer(0, 'connected', '127.2.0.1:53211');
    expect(log.overlay().shape()).toMatchObject({ meanDegree: 2 / 3, components: 2 });
  });

  it('forgets a link that was closed, but not while another connection to the same peer is open', () => {
    const log = threeNodes();
    log.handlePeer(1, 'connected', '127.1.0.1:1000');
    log.handlePeer(1, 'connected', '127.1.0.1:1000');
    log.handlePeer(1, 'closed', '127.1.0.1:1000');
    expect(log.overlay().shape().components).toBe(2);
    log.handlePeer(1, 'closed', '127.1.0.1:1000');
    expect(log.overlay().shape().components).toBe(3);
  });

  it('keeps the links that a node had when it completed', () => {
    const log = threeNodes();
    log.handlePeer(1, 'connected', '127.1.0.1:1000');
    log.handleComplete(1);
    log.handlePeer(1, 'closed', '127.1.0.1:1000');
    expect(log.overlay().shape().components).toBe(2);
  });

  it('keeps the links of nodes that never completed until the end of the run', () => {
    const log = threeNodes();
    log.handlePeer(1, 'connected', '127.1.0.1:1000');
    log.handleEnd();
    log.handlePeer(1, 'closed', '127.1.0.1:1000');
    expect(log.overlay().shape().components).toBe(2);
  });

  it('counts as found by peer exchange only what neither end was told', () => {
    const log = threeNodes();
    log.handlePeer(1, 'connected', '127.1.0.1:1000');
    log.handlePeer(0, 'connected', '127.2.0.1:53211');
    expect(log.pexLinkCount()).toBe(0);
    log.handlePeer(1, 'connected', '127.3.0.1:1002');
    log.handlePeer(2, 'connected', '127.2.0.1:40000');
    log.handlePeer(2, 'closed', '127.2.0.1:40000');
    expect(log.pexLinkCount()).toBe(1);
  });

  it('tells nodes of one host apart by port, and trusts the one that dialled', () => {
    const log = new LinkLog(['127.0.0.1', '127.0.0.1', '127.0.0.1']);
    log.handlePeer(2, 'connected', '127.0.0.1:1001'); // before 1 was heard to listen
    log.handleListening(1, '127.0.0.1:1001');
    log.handleListening(2, '127.0.0.1:1002');
    log.handlePeer(1, 'connected', '127.0.0.1:50000'); // an outgoing port, of whom it cannot know
    expect(log.overlay().shape()).toMatchObject({ components: 2, meanDegree: 2 / 3 });
    expect(log.pexLinkCount()).toBe(1);
  });

  it('ignores peers that are none of its nodes, and itself', () => {
    const log = threeNodes();
    log.handlePeer(1, 'connected', '10.0.0.1:1');
    log.handlePeer(1, 'connected', '127.2.0.1:1001');
    log.handlePeer(1, 'connected', 'nonsense');
    expect(log.overlay().shape().meanDegree).toBe(0);
    expect(log.pexLinkCount()).toBe(0);
  });
});
