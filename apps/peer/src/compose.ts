import type { CommandContext, NodeSettings, Runtime } from '@p2p/cli';
import type { NodePorts } from '@p2p/swarm';
import { createNodePorts } from '@p2p/swarm/node';

import { resolveHosts } from './addresses.js';
import { planFile, runFile } from './file-command.js';
import { runGet } from './get-command.js';
import { listShares } from './list-shares.js';
import { createTorrent, describeTorrent, verifyContent } from './metainfo-tools.js';
import { NodeSession } from './node-session.js';
import { shareContent } from './share-content.js';
import { StateFolder } from './state-folder.js';
import { limitYoungGeneration } from './young-generation.js';

/** Joins the parts: command line, swarm, storage, and the real ports between them. */
export function composeRuntime(): Runtime {
  return {
    share: async (request, context) => {
      const state = new StateFolder(request.stateDir);
      const peers = await resolveHosts(request.peers, context.log, false);
      await withSession({ settings: request, state, context, swarmCount: request.paths.length }, async (session) => {
        await shareContent({ ...request, peers, stateFolder: state.path }, session, context);
      });
    },
    get: async (request, context) => {
      const state = new StateFolder(request.stateDir);
      await withSession({ settings: request, state, context, swarmCount: 1 }, async (session) => {
        await runGet(request, { session, state, context });
      });
    },
    file: async (request, context) => {
      const state = new StateFolder(request.stateDir);
      const plan = await planFile(request, state, context);
      await withSession({ settings: request, state, context, swarmCount: 1 }, async (session) => {
        await runFile(plan, request.pieceBytes, { session, state, context });
      });
    },
    list: async ({ address, bind }, context) => listShares(portsAt(bind), address, context),
    create: createTorrent,
    info: describeTorrent,
    verify: verifyContent,
  };
}

/** Opens a node for some work and closes it in order afterwards, however the work ends. */
async function withSession(
  parts: { settings: NodeSettings; state: StateFolder; context: CommandContext; swarmCount: number },
  work: (session: NodeSession) => Promise<void>,
): Promise<void> {
  limitYoungGeneration();
  const session = await NodeSession.open({ ...parts, ports: portsAt(parts.settings.bind) });
  try {
    await work(session);
  } finally {
    await session.close();
  }
}

/** Sockets, clock and randomness of this machine; with `bind` nothing listens or dials anywhere else. */
function portsAt(bind: string | undefined): NodePorts {
  return createNodePorts(bind === undefined ? {} : { bind });
}
