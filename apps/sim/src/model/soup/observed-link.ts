import type { CoreMessage, Link, LinkExpectations, LinkSink, OpenLink, Payload } from '@p2p/swarm';
import type { Handshake } from '@p2p/wire';

import type { EndId, NodeId, Observation, SeenMessage } from '../checkers/observation.js';
import { simConnection } from '../payload/reference-mode.js';

/** What the watching of links needs of the world. */
export interface LinkWatch<P extends Payload> {
  readonly now: () => number;
  readonly nextEnd: () => EndId;
  readonly nodeOfHost: (host: string) => NodeId | undefined;
  readonly peerIdOf: (node: NodeId) => Uint8Array | undefined;
  readonly isGenuine: (at: { readonly piece: number; readonly begin: number }, data: P) => boolean;
  readonly take: (observation: Observation) => void;
}

/** Shows the checkers every message that passes the links of one node, and changes none. */
export function observed<P extends Payload>(open: OpenLink<P>, node: NodeId, watch: LinkWatch<P>): OpenLink<P> {
  return (session, connection, sink, expects) => {
    const end = watch.nextEnd();
    const peer = watch.nodeOfHost(connection.remote.host);
    // Whoever was dialled sees a source port, whoever dialled the port of a listener.
    const isOutgoing = connection.remote.port < FIRST_SOURCE_PORT;
    const { id } = simConnection(connection);
    watch.take({ kind: 'endOpened', at: watch.now(), end, connection: id, node, peer, isOutgoing });
    const eye = new LinkEye<P>(end, peer, watch);
    return eye.around(open(session, connection, eye.hearing(sink), expects), expects);
  };
}

class LinkEye<P extends Payload> {
  readonly #end: EndId;
  readonly #peer: NodeId | undefined;
  readonly #watch: LinkWatch<P>;
  #isClosed = false;

  constructor(end: EndId, peer: NodeId | undefined, watch: LinkWatch<P>) {
    this.#end = end;
    this.#peer = peer;
    this.#watch = watch;
  }

  hearing(sink: LinkSink<P>): LinkSink<P> {
    return (inputs) => {
      // One by one, so that what the node sends in answer comes after what it answers.
      for (const input of inputs) {
        if (input.kind === 'message') this.#show('received', input.message);
        else if (input.kind === 'handshake') this.#shookHands(input.handshake);
        else if (input.kind === 'lost') this.#closed(false);
      }
      sink(inputs);
    };
  }

  around(link: Link<P>, { handshake: isExpected }: LinkExpectations): Link<P> {
    return {
      received: (chunk) => {
        link.received(chunk);
      },
      flushed: (bytes) => {
        link.flushed(bytes);
      },
      closed: (reason) => {
        link.closed(reason);
      },
      setPieceCount: (pieceCount) => {
        link.setPieceCount(pieceCount);
      },
      sendHandshake: (handshake) => {
        // Whoever accepts a connection has read the other's handshake before it sends its own.
        if (!isExpected) this.#shookHands({ ...handshake, peerId: this.#peerId() ?? handshake.peerId });
        link.sendHandshake(handshake);
      },
      send: (message) => {
        this.#show('sent', message);
        link.send(message);
      },
      flush: () => {
        link.flush();
      },
      close: () => {
        this.#closed(true);
        link.close();
      },
    };
  }

  #peerId(): Uint8Array | undefined {
    return this.#peer === undefined ? undefined : this.#watch.peerIdOf(this.#peer);
  }

  #shookHands(handshake: Handshake): void {
    this.#watch.take({ kind: 'shookHands', at: this.#watch.now(), end: this.#end, handshake });
  }

  #show(kind: 'sent' | 'received', message: CoreMessage<P>): void {
    this.#watch.take({ kind, at: this.#watch.now(), end: this.#end, message: this.#seen(message) });
  }

  #closed(byUs: boolean): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#watch.take({ kind: 'endClosed', at: this.#watch.now(), end: this.#end, byUs });
  }

  #seen(message: CoreMessage<P>): SeenMessage {
    if (message.type !== 'piece') return message;
    const { piece, begin, data } = message;
    return {
      type: 'piece',
      piece,
      begin,
      length: data.length,
      isGenuine: this.#watch.isGenuine({ piece, begin }, data),
    };
  }
}

/** RFC 6335: from here on ports are nobody's. */
const FIRST_SOURCE_PORT = 49_152;
