import type {
  Cancel,
  Clock,
  Connection,
  DialOutcome,
  Instant,
  ListenOutcome,
  OpenLink,
  Payload,
  Storage,
  Transport,
} from '@p2p/swarm';
import type { PeerAddress } from '@p2p/wire';

/**
 * Stands between one node and its ports, so that the node can be frozen (SIGSTOP) or killed (SIGKILL) at any instant
 * without knowing.
 *
 * While it is frozen, whatever the world has to say waits at the gate, in order; a killed node hears nothing any more. The gate
 * also counts what the node holds, which is how a node that stopped in good order is shown to have left nothing.
 */
export class NodeGate {
  #state: 'open' | 'frozen' | 'dead' = 'open';
  readonly #waiting: (() => void)[] = [];
  #timers = 0;
  #storageCalls = 0;
  #dials = 0;

  get isFrozen(): boolean {
    return this.#state === 'frozen';
  }

  /** Wake-ups that the node waits for. */
  get timers(): number {
    return this.#timers;
  }

  /** Storage calls that are not answered. */
  get storageCalls(): number {
    return this.#storageCalls;
  }

  /** Dials under way. */
  get dials(): number {
    return this.#dials;
  }

  freeze(): void {
    if (this.#state === 'open') this.#state = 'frozen';
  }

  /** Everything that waited happens now, in order. */
  thaw(): void {
    if (this.#state !== 'frozen') return;
    this.#state = 'open';
    // What happens may freeze the node again.
    while (this.#waiting.length > 0 && this.#isOpen()) this.#waiting.shift()?.();
  }

  kill(): void {
    this.#state = 'dead';
    this.#waiting.length = 0;
  }

  clock(clock: Clock): Clock {
    return {
      now: () => clock.now(),
      schedule: (at: Instant, wake: () => void): Cancel => {
        this.#timers += 1;
        const over = once(() => (this.#timers -= 1));
        const cancel = clock.schedule(at, () => {
          this.pass(() => {
            if (over()) wake();
          });
        });
        return () => {
          if (over()) cancel();
        };
      },
    };
  }

  transport(transport: Transport): Transport {
    return {
      listen: (address, onConnection, done) => this.#listen({ transport, address, onConnection, done }),
      dial: (address, done) => this.#dial(transport, address, done),
    };
  }

  openLink<P extends Payload>(openLink: OpenLink<P>): OpenLink<P> {
    return (session, connection, sink, expects) =>
      openLink(
        session,
        connection,
        (inputs) => {
          this.pass(() => {
            sink(inputs);
          });
        },
        expects,
      );
  }

  storage<P extends Payload>(storage: Storage<P>): Storage<P> {
    const answered = <Outcome>(done: (outcome: Outcome) => void) => {
      this.#storageCalls += 1;
      return (outcome: Outcome): void => {
        this.pass(() => {
          this.#storageCalls -= 1;
          done(outcome);
        });
      };
    };
    return {
      writeBlock: (piece, begin, data) => {
        storage.writeBlock(piece, begin, data);
      },
      commitPiece: (piece, done) => {
        storage.commitPiece(piece, answered(done));
      },
      discardPiece: (piece) => {
        storage.discardPiece(piece);
      },
      readBlock: (block, done) => {
        storage.readBlock(block, answered(done));
      },
    };
  }

  /** Lets something happen to the node: now, or when it thaws, or never. */
  pass(act: () => void): void {
    if (this.#state === 'frozen') this.#waiting.push(act);
    else if (this.#state === 'open') act();
  }

  #isOpen(): boolean {
    return this.#state === 'open';
  }

  #listen({ transport, address, onConnection, done }: Listening): Cancel {
    return transport.listen(
      address,
      (connection) => {
        this.pass(() => {
          onConnection(connection);
        });
      },
      (outcome) => {
        this.pass(() => {
          done(outcome);
        });
      },
    );
  }

  #dial(transport: Transport, address: PeerAddress, done: (outcome: DialOutcome) => void): Cancel {
    this.#dials += 1;
    const over = once(() => (this.#dials -= 1));
    const cancel = transport.dial(address, (outcome) => {
      this.pass(() => {
        if (over()) done(outcome);
        else if (outcome.kind === 'connected') outcome.connection.close();
      });
    });
    return () => {
      if (over()) cancel();
    };
  }
}

interface Listening {
  readonly transport: Transport;
  readonly address: PeerAddress;
  readonly onConnection: (connection: Connection) => void;
  readonly done: (outcome: ListenOutcome) => void;
}

/** True the first time it is asked, when `act` also happens. */
function once(act: () => void): () => boolean {
  let isDone = false;
  return () => {
    if (isDone) return false;
    isDone = true;
    act();
    return true;
  };
}
