import type { CoreMessage, OpenLink, Payload } from '@p2p/swarm';
import { OUR_EXTENSIONS } from '@p2p/swarm/testing';

/** Makes a node a free rider: it believes that it lets others ask, and they never hear of it. */
export function withoutUnchokes<P extends Payload>(open: OpenLink<P>): OpenLink<P> {
  return (session, connection, sink, expects) => {
    const link = open(session, connection, sink, expects);
    const send = link.send.bind(link);
    link.send = (message) => {
      if (!letsAsk(message)) send(message);
    };
    return link;
  };
}

/** Whether a message unchokes a peer, or offers it a turn. Nodes of our kind all give an extension the same number. */
export function letsAsk<P extends Payload>(message: CoreMessage<P>): boolean {
  if (message.type !== 'extended') return message.type === 'unchoke';
  return message.extensionId === OUR_EXTENSIONS.p2p_offer;
}
