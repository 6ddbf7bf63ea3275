import { describe, expect, it } from 'vitest';

import { LinkLog } from '../../src/run/link-log.js';

/** Three nodes on addresses of their own; the first is the seeder whom the others were told of. */
function threeNodes(): LinkLog {
  const log = new LinkLog(['127.1.0.1', '127.2.0.1', '127.3.0.1']);
  log.handleListening(0, '127.1.0.1:1000');
  for (const nodeIndex of [1, 2]) log.handleTold(nodeIndex, ['127.1.0.1:1000']);
  return log;
}

function connected(log: LinkLog, nodeIndex: number, address: string): void {
  log.handlePeer(nodeIndex, { state: 'connected', address });
}

function closed(log: LinkLog, nodeIndex: number, address: string, reason = 'silent for too long'): void {
  log.handlePeer(nodeIndex, { state: 'closed', address, reason });
}

describe('LinkLog', () => {
  it('joins what both ends of a link report into one', () => {
    const log = threeNodes();
    connected(log, 1, '127.1.0.1:1000');
    connected(log, 0, '127.2.0.1:53211');
    expect(log.overlay().shape()).toMatchObject({ meanDegree: 2 / 3, components: 2 });
  });

  it('forgets a link that was closed, but not while another connection to the same peer is open', () => {
    const log = threeNodes();
    connected(log, 1, '127.1.0.1:1000');
    connected(log, 1, '127.1.0.1:1000');
    closed(log, 1, '127.1.0.1:1000');
    expect(log.overlay().shape().components).toBe(2);
    closed(log, 1, '127.1.0.1:1000');
    expect(log.overlay().shape().components).toBe(3);
  });

  it('keeps a link that two complete nodes gave up, though the other end saw it break', () => {
    const log = threeNodes();
    connected(log, 1, '127.1.0.1:1000');
    connected(log, 0, '127.2.0.1:53211');
    closed(log, 0, '127.2.0.1:1001', 'both ends only upload');
    closed(log, 1, '127.1.0.1:1000', 'connection lost');
    expect(log.overlay().shape().components).toBe(2);
  });

  it('knows that a session is over which began under another port of the same node', () => {
    const log = threeNodes();
    connected(log, 0, '127.2.0.1:53211');
    closed(log, 0, '127.2.0.1:1001');
    expect(log.overlay().shape().components).toBe(3);
  });

  it('keeps the links of nodes that never completed until the end of the run', () => {
    const log = threeNodes();
    connected(log, 1, '127.1.0.1:1000');
    log.handleEnd();
    closed(log, 1, '127.1.0.1:1000');
    expect(log.overlay().shape().components).toBe(2);
  });

  it('counts as found by peer exchange only what neither end was told', () => {
    const log = threeNodes();
    connected(log, 1, '127.1.0.1:1000');
    connected(log, 0, '127.2.0.1:53211');
    expect(log.pexLinkCount()).toBe(0);
    connected(log, 1, '127.3.0.1:1002');
    connected(log, 2, '127.2.0.1:40000');
    closed(log, 2, '127.2.0.1:40000');
    expect(log.pexLinkCount()).toBe(1);
  });

  it('tells nodes of one host apart by port, and trusts the one that dialled', () => {
    const log = new LinkLog(['127.0.0.1', '127.0.0.1', '127.0.0.1']);
    connected(log, 2, '127.0.0.1:1001'); // before 1 was heard to listen
    log.handleListening(1, '127.0.0.1:1001');
    log.handleListening(2, '127.0.0.1:1002');
    connected(log, 1, '127.0.0.1:50000'); // an outgoing port, of whom it cannot know
    expect(log.overlay().shape()).toMatchObject({ components: 2, meanDegree: 2 / 3 });
    expect(log.pexLinkCount()).toBe(1);
  });

  it('keeps what the dialled end of one host gave up, from the words of the one that dialled', () => {
    const log = new LinkLog(['127.0.0.1', '127.0.0.1', '127.0.0.1']);
    log.handleListening(0, '127.0.0.1:1000');
    for (const nodeIndex of [1, 2]) connected(log, nodeIndex, '127.0.0.1:1000');
    for (const port of [53211, 53212]) connected(log, 0, `127.0.0.1:${port}`);
    closed(log, 0, '127.0.0.1:53212', 'both ends only upload');
    closed(log, 1, '127.0.0.1:1000', 'silent for too long');
    closed(log, 2, '127.0.0.1:1000', 'connection lost: closed by the other end');
    closed(log, 0, '127.0.0.1:53211', 'connection lost: closed by the other end');
    expect(log.overlay().shape()).toMatchObject({ components: 2, meanDegree: 2 / 3 });
  });

  it('ignores peers that are none of its nodes, and itself', () => {
    const log = threeNodes();
    connected(log, 1, '10.0.0.1:1');
    connected(log, 1, '127.2.0.1:1001');
    connected(log, 1, 'nonsense');
    expect(log.overlay().shape().meanDegree).toBe(0);
    expect(log.pexLinkCount()).toBe(0);
  });
});
