import { readFile } from "node:fs/promises";

const SAMPLE_EVERY_MS = 10;

/** What came of some work, and the memory that a process had before it and at most during it, in megabytes. */
export interface Watched<Result> {
  readonly result: Result;
  readonly before: number;
  readonly most: number;
}

/**
 * Watches the memory that a process has for itself while it works (Linux). Mapped pages of its database do not count:
 * they are the system's cache, and there are more of them the larger the file is.
 */
export async function watchMemory<Result>(pid: number, work: () => Promise<Result>): Promise<Watched<Result>> {
  const before = await ownMegabytes(pid);
  let most = before;
  let goesOn = true;
  const working = work().finally(() => {
    goesOn = false;
  });
  while (goesOn) {
    await Promise.race([working, Bun.sleep(SAMPLE_EVERY_MS)]);
    most = Math.max(most, await ownMegabytes(pid));
  }
  return { result: await working, before, most };
}

async function ownMegabytes(pid: number): Promise<number> {
  const kilobytes = /^RssAnon:\s+(\d+) kB$/m.exec(await readFile(`/proc/${pid}/status`, "utf8"))?.[1];
  return Number(kilobytes) / 1_024;
}
