/** Drivers for real BitTorrent clients, and for our own node as its users see it. */
export { NEEDED_PROGRAMS, whyMissing, type ForeignClientName } from './availability.js';
export { ARIA2_QUIET_ARGS, Aria2Client } from './aria2-client.js';
export {
  bytesNamed,
  contentDigests,
  makeFile,
  makeFolder,
  makeLargeFile,
  sha1OfFile,
  withoutEmptyFiles,
} from './content.js';
export {
  formatAddress,
  type ClientSite,
  type Fetching,
  type ForeignClient,
  type PeerAddress,
  type Source,
  type TorrentFile,
} from './foreign-client.js';
export { asObject, numberField, parseJsonObject, textField, type JsonObject } from './json-event.js';
export { LibtorrentClient, type LibtorrentPeer, type LibtorrentSettings } from './libtorrent-client.js';
export { ManagedProcess, type ProcessOptions } from './managed-process.js';
export { canMakeNetworkNamespace, NetworkNamespace } from './network-namespace.js';
export { createTorrent, OurNode, ourNodeProgram, type OurNodeOptions, type Sharing } from './our-node.js';
export { Scene } from './scene.js';
export { makeTorrent, type MadeTorrent } from './torrent-maker.js';
export { TransmissionClient } from './transmission-client.js';
