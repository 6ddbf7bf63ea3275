export { CliError, type CliErrorCode } from './cli-error.js';
export { EXIT_CODES, type ExitCode } from './exit-codes.js';
export {
  formatBytes,
  formatCount,
  formatPercent,
  formatRanges,
  formatRate,
  formatSeconds,
  formatTable,
} from './format.js';
export type { LogLevel } from './log-level.js';
export type {
  CompleteEvent,
  MetadataEvent,
  NodeEvent,
  PeerEvent,
  ProgressEvent,
  SharingEvent,
  StatusEvent,
  TorrentEvent,
  WaitingEvent,
} from './node-event.js';
export { parseDuration, parseInteger, parsePieceSize, parseRate, parseSize } from './parse-values.js';
export { createProgram, type Program } from './program.js';
export type {
  CommandContext,
  CreateRequest,
  FileRequest,
  GetRequest,
  ListRequest,
  NodeSettings,
  Runtime,
  SeedLimits,
  ShareRequest,
  Source,
  TorrentSource,
  TorrentSummary,
  VerifyReport,
  VerifyRequest,
} from './runtime.js';
export { type StallReason, explainStall } from './stall.js';
export type { OutputStream, Terminal } from './terminal.js';
