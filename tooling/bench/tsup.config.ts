import { tsupConfig } from '@p2p/tsup-config';

export default {
  ...tsupConfig(
    {
      main: 'src/main.ts',
      'node-loop-sender': 'src/programs/node-loop-sender.ts',
      'node-loop-receiver': 'src/programs/node-loop-receiver.ts',
      'codec-probe': 'src/codec/codec-probe.ts',
      'piece-picker-probe': '../../packages/swarm/bench/piece-picker.bench.ts',
      'delay-proxy': 'src/latency/delay-proxy.ts',
      'idle-peers': 'src/idle/idle-peers.ts',
      'virtual-line-probe': 'src/latency/virtual-line-probe.ts',
      'loop-delay-preload': 'src/loop-delay-preload.ts',
      'webtorrent-node': 'src/programs/webtorrent-node.ts',
    },
    { types: false },
  ),
  noExternal: ['@p2p/interop'], // the drivers are sources, without a build of their own
};
