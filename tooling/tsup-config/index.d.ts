import type { Options } from 'tsup';
export declare function tsupConfig(entry: Record<string, string>, options?: { types?: boolean }): Options;
