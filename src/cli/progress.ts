import type { CliIo } from "./context.ts";

export interface Progress {
  /** `trouble`: why it does not go on just now. */
  show(done: number, total: number, trouble: string | null): void;
  end(): void;
}

const BAR_WIDTH = 30;

/** How far something is, on stderr: a bar on a terminal, else a line for every tenth. */
export function createProgress({ stderr, stderrIsTty }: CliIo): Progress {
  let tenth = 0;
  return {
    show(done, total, trouble) {
      const part = total === 0 ? 1 : done / total;
      if (stderrIsTty) {
        const bar = "#".repeat(Math.floor(part * BAR_WIDTH)).padEnd(BAR_WIDTH);
        stderr(`\r[${bar}] ${done} of ${total}${trouble ? `, waiting: ${trouble}` : ""}\x1b[K`);
      } else if (Math.floor(part * 10) > tenth) {
        tenth = Math.floor(part * 10);
        stderr(`${done} of ${total} lines\n`);
      }
    },
    end() {
      if (stderrIsTty) stderr("\n");
    },
  };
}
