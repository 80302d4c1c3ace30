import { readdirSync, readFileSync } from "node:fs";

/** The processes that a process has started, and those that these have started; read from Linux's /proc. */
export function descendantsOf(pid: number): number[] {
  const parents = new Map<number, number>();
  for (const name of readdirSync("/proc")) {
    const parent = /^\d+$/.test(name) ? statusOf(Number(name))?.parent : undefined;
    if (parent !== undefined) parents.set(Number(name), parent);
  }
  const found: number[] = [];
  const search = (above: number): void => {
    for (const [child, parent] of parents) {
      if (parent !== above) continue;
      found.push(child);
      search(child);
    }
  };
  search(pid);
  return found;
}

/** Whether a process still does something; one that has ended and was not yet cleared away does not. */
export function isRunning(pid: number): boolean {
  const status = statusOf(pid);
  return status !== undefined && status.state !== "Z";
}

function statusOf(pid: number): { state: string; parent: number } | undefined {
  try {
    // `pid (name) state parent …`; the name may hold anything, also brackets.
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    const [state = "", parent] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return { state, parent: Number(parent) };
  } catch {
    return undefined;
  }
}
