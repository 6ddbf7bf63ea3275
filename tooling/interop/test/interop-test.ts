import { expect, it } from 'vitest';

import {
  Aria2Client,
  canMakeNetworkNamespace,
  contentDigests,
  LibtorrentClient,
  makeFile,
  makeFolder,
  Scene,
  TransmissionClient,
  whyMissing,
  withoutEmptyFiles,
  type ForeignClient,
  type ForeignClientName,
} from '../src/index.js';

/** The clients that every exchange is tried with. */
export const foreignClients: readonly {
  readonly name: ForeignClientName;
  readonly create: (scene: Scene) => ForeignClient;
}[] = [
  { name: 'libtorrent', create: (scene) => scene.add(new LibtorrentClient(scene.site())) },
  { name: 'Transmission', create: (scene) => scene.add(new TransmissionClient(scene.site())) },
  { name: 'aria2', create: (scene) => scene.add(new Aria2Client(scene.site())) },
];

/** Compares what `client` downloaded with what there was. */
export async function expectSameContent(client: ForeignClient, copy: string, original: string): Promise<void> {
  const expected = await contentDigests(original);
  expect(await contentDigests(copy)).toEqual(client.createsEmptyFiles ? expected : withoutEmptyFiles(expected));
}

export interface Content {
  readonly title: string;
  readonly pieceBytes: number;
  /** Makes it in the scene's folder `in` and answers its path. */
  readonly make: (scene: Scene) => Promise<string>;
}

const KIB = 1024;
const MIB = 1024 * KIB;

/** What travels: not a whole number of blocks, so the last piece and its last block are short. */
export const contents: readonly [Content, ...Content[]] = [
  {
    title: 'a file in 64 KiB pieces',
    pieceBytes: 64 * KIB,
    make: (scene) => makeFile(scene.path('in', 'a.bin'), 5 * MIB + 1),
  },
  {
    title: 'a file in 1 MiB pieces',
    pieceBytes: MIB,
    make: (scene) => makeFile(scene.path('in', 'b.bin'), 9 * MIB - 1),
  },
  { title: 'a folder of many files', pieceBytes: 64 * KIB, make: (scene) => makeFolder(scene.path('in', 'folder')) },
];

/**
 * A test with a scene of its own. Where a client it needs is missing, the test is skipped and its title says why; in CI,
 * where they are to be there, it fails instead.
 */
export function interopTest(
  title: string,
  needs: readonly (ForeignClientName | 'private network')[],
  body: (scene: Scene) => Promise<void>,
): void {
  const reasons = [...new Set(needs)].flatMap((need) => missing.get(need) ?? []);
  const isSkipped = reasons.length > 0 && process.env['CI'] !== 'true';
  const fullTitle = isSkipped ? `${title} [skipped: ${reasons.join('; ')}]` : title;
  it.skipIf(isSkipped)(fullTitle, { concurrent: true }, async () => {
    if (reasons.length > 0) throw new Error(`this test may not be skipped in CI: ${reasons.join('; ')}`);
    const scene = await Scene.create({ isPrivateNetwork: needs.includes('private network') });
    try {
      await body(scene);
    } finally {
      await scene.close();
    }
  });
}

/** Each need that this machine does not meet, with the reason; asked once per suite. */
const missing = new Map<string, string>();
for (const { name } of foreignClients) {
  const reason = whyMissing(name);
  if (reason !== undefined) missing.set(name, reason);
}
if (!canMakeNetworkNamespace()) missing.set('private network', 'this user may not make network namespaces');
