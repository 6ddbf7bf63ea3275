import { vitestConfig } from '@p2p/vitest-config';

/**
 * Foreign clients spend most of an exchange waiting (Transmission looks for somebody to unchoke only every ten seconds),
 * so many tests run at once, also on few cores.
 */
export default vitestConfig({ testTimeout: 240_000, hookTimeout: 60_000, maxConcurrency: 12, maxWorkers: 3 });
