/** What the process tells the shell; section "Exit codes" of the README. */
export const EXIT_CODES = {
  /** Done. */
  done: 0,
  /** Content, network or disk failed. */
  failed: 1,
  /** The command line is not right. */
  usage: 2,
} as const;

export type ExitCode = (typeof EXIT_CODES)[keyof typeof EXIT_CODES];
