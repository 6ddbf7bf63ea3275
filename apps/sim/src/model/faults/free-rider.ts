import type { OpenLink, Payload } from '@p2p/swarm';

/** Makes a node a free rider: it believes that it unchokes others, and they never hear of it. */
export function withoutUnchokes<P extends Payload>(open: OpenLink<P>): OpenLink<P> {
  return (session, connection, sink, expects) => {
    const link = open(session, connection, sink, expects);
    const send = link.send.bind(link);
    link.send = (message) => {
      if (message.type !== 'unchoke') send(message);
    };
    return link;
  };
}
