import type {
  CommandContext,
  CreateRequest,
  FileRequest,
  GetRequest,
  ListRequest,
  Runtime,
  ShareRequest,
  SharingEvent,
  TorrentSource,
  TorrentSummary,
  VerifyReport,
  VerifyRequest,
} from '../src/index.js';

/** One call of a runtime's method. */
export type Call =
  | { readonly method: 'share'; readonly request: ShareRequest }
  | { readonly method: 'get'; readonly request: GetRequest }
  | { readonly method: 'file'; readonly request: FileRequest }
  | { readonly method: 'list'; readonly request: ListRequest }
  | { readonly method: 'create'; readonly request: CreateRequest }
  | { readonly method: 'info'; readonly request: TorrentSource }
  | { readonly method: 'verify'; readonly request: VerifyRequest };

/** A runtime that notes what it was asked for, and does what a test tells it to. */
export class FakeRuntime implements Runtime {
  readonly calls: Call[] = [];
  /** What a command does before it returns. */
  during: (context: CommandContext) => void | Promise<void> = () => undefined;
  shares: readonly SharingEvent[] = [];
  summary: TorrentSummary = { infoHash: 'ab'.repeat(20), magnet: 'magnet:?xt=urn:btih:ab', files: [], peers: [] };
  report: VerifyReport = { pieceCount: 0, badPieces: [], badFiles: [] };

  async share(request: ShareRequest, context: CommandContext): Promise<void> {
    this.calls.push({ method: 'share', request });
    await this.during(context);
  }

  async get(request: GetRequest, context: CommandContext): Promise<void> {
    this.calls.push({ method: 'get', request });
    await this.during(context);
  }

  async file(request: FileRequest, context: CommandContext): Promise<void> {
    this.calls.push({ method: 'file', request });
    await this.during(context);
  }

  async list(request: ListRequest, context: CommandContext): Promise<readonly SharingEvent[]> {
    this.calls.push({ method: 'list', request });
    await this.during(context);
    return this.shares;
  }

  async create(request: CreateRequest, context: CommandContext): Promise<TorrentSummary> {
    this.calls.push({ method: 'create', request });
    await this.during(context);
    return this.summary;
  }

  async info(request: TorrentSource, context: CommandContext): Promise<TorrentSummary> {
    this.calls.push({ method: 'info', request });
    await this.during(context);
    return this.summary;
  }

  async verify(request: VerifyRequest, context: CommandContext): Promise<VerifyReport> {
    this.calls.push({ method: 'verify', request });
    await this.during(context);
    return this.report;
  }
}
