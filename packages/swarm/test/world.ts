import { Bitfield, decodeInfo, encodeInfo, sha1, type Metainfo, type PeerAddress } from '@p2p/wire';

import { PeerNode } from '../src/peer-node.js';
import type { SwarmEvent } from '../src/core/effect.js';
import type { Storage } from '../src/ports.js';
import type { Swarm } from '../src/swarm.js';
import type { SwarmOptions } from '../src/swarm-options.js';
import {
  MemoryNetwork,
  MemoryStorage,
  SeededRandom,
  VirtualClock,
  type MemoryHostOptions,
  type MemoryNetworkOptions,
  type MemoryStorageOptions,
} from '../src/testing/index.js';

/** A few nodes in virtual time that share one file: the default harness for whatever takes more than one node. */
export class World {
  readonly clock = new VirtualClock();
  readonly random: SeededRandom;
  readonly network: MemoryNetwork;
  readonly content: Uint8Array;
  readonly metainfo: Metainfo;

  constructor({
    seed = 1,
    pieces = 32,
    pieceLength = 65_536,
    lastPieceBytes = 1_000,
    network = {},
  }: WorldOptions = {}) {
    this.random = new SeededRandom(seed);
    this.network = new MemoryNetwork(this.clock, network);
    this.content = bytesOf(this.random.fork('content'), (pieces - 1) * pieceLength + lastPieceBytes);
    this.metainfo = metainfoOf(this.content, pieceLength);
  }

  /** A node that has the whole file. */
  seeder(host: string, settings: PeerSettings = {}): Peer {
    return this.#peer(host, { ...settings, content: this.content });
  }

  /** A node that has nothing, but knows the metadata unless told otherwise. */
  leecher(host: string, settings: PeerSettings = {}): Peer {
    return this.#peer(host, settings);
  }

  /** Runs until `isOver`, or for so long. Returns the time it took. */
  run(forMs: number, isOver: () => boolean = () => false): number {
    const start = this.clock.now();
    while (this.clock.now() < start + forMs && !isOver()) {
      const next = this.clock.nextAt;
      if (next === undefined || next > start + forMs) break;
      this.clock.step();
    }
    return this.clock.now() - start;
  }

  #peer(host: string, settings: PeerSettings & { readonly content?: Uint8Array }): Peer {
    const address = { host, port: 6881 };
    const random = this.random.fork(host);
    const transport = this.network.host(host, settings.link);
    const node = new PeerNode({ clock: this.clock, random, transport }, settings.options);
    const storage = new MemoryStorage(this.metainfo, this.clock, {
      ...settings.storage,
      ...(settings.content === undefined ? {} : { content: settings.content }),
    });
    const peer: { completedAt: number | undefined } = { completedAt: undefined };
    const events: SwarmEvent[] = [];
    node.listen(address, () => undefined);
    const { pieceCount } = this.metainfo.layout;
    const have = settings.content === undefined ? new Bitfield(pieceCount) : Bitfield.full(pieceCount);
    const content = { metainfo: this.metainfo, storage, have };
    const swarm = node.addSwarm(
      {
        infoHash: this.metainfo.infoHash,
        ...(settings.knowsMetadata === false ? {} : { content }),
        peers: settings.peers ?? [],
      },
      (event) => {
        events.push(event);
        if (event.kind === 'complete') peer.completedAt = this.clock.now();
        if (event.kind === 'metadata') swarm.attachStorage(event.metainfo, storage, have);
      },
    );
    return Object.assign(peer, { address, node, swarm, storage, events });
  }
}

export interface WorldOptions {
  readonly seed?: number;
  readonly pieces?: number;
  readonly pieceLength?: number;
  readonly lastPieceBytes?: number;
  readonly network?: MemoryNetworkOptions;
}

export interface PeerSettings {
  readonly peers?: readonly PeerAddress[];
  readonly options?: Partial<SwarmOptions>;
  readonly link?: MemoryHostOptions;
  readonly storage?: Partial<MemoryStorageOptions>;
  /** False: the metadata has to come from peers. */
  readonly knowsMetadata?: boolean;
}

export interface Peer {
  readonly address: PeerAddress;
  readonly node: PeerNode;
  readonly swarm: Swarm;
  readonly storage: MemoryStorage & Storage;
  readonly events: SwarmEvent[];
  /** Virtual time at which its last piece was stored. */
  readonly completedAt: number | undefined;
}

export function isComplete(peer: Peer): boolean {
  return peer.completedAt !== undefined;
}

export function bytesOf(random: SeededRandom, length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  const words = new DataView(bytes.buffer);
  for (let at = 0; at + 4 <= length; at += 4) words.setUint32(at, random.uint32());
  return bytes;
}

export function metainfoOf(content: Uint8Array, pieceLength: number): Metainfo {
  const count = Math.ceil(content.length / pieceLength);
  const pieceHashes = new Uint8Array(20 * count);
  for (let piece = 0; piece < count; piece += 1) {
    pieceHashes.set(sha1(content.subarray(piece * pieceLength, (piece + 1) * pieceLength)), 20 * piece);
  }
  return decodeInfo(encodeInfo({ name: 'file.bin', pieceLength, pieceHashes, length: content.length }));
}
