import { closeSync, copyFileSync, openSync, rmSync, writeSync } from "node:fs";
import { withOwnMounts } from "./own-mounts.ts";
import type { ServerProcess } from "./server-process.ts";

/**
 * A command that runs with a disk of `megabytes` in the place of `folder`, which only it and its children see. What was
 * in the folder is on the disk.
 */
export function onSmallDisk(folder: string, megabytes: number, command: readonly string[]): string[] {
  const disk = `${folder}.disk`;
  const steps = [
    `mkdir '${disk}'`,
    `mount -t tmpfs -o size=${megabytes}m tmpfs '${disk}'`,
    `cp -a '${folder}/.' '${disk}'`,
    `mount --bind '${disk}' '${folder}'`,
  ];
  return withOwnMounts(steps.join(" && "), command);
}

/** That disk, from outside; it is there as long as somebody holds it, also when the server has ended. */
export interface SmallDisk extends Disposable {
  /** Takes every byte that is left. */
  fill(): void;
  /** Gives them back. */
  clear(): void;
  copyOut(name: string, to: string): void;
}

export function smallDiskOf(server: ServerProcess, folder: string): SmallDisk {
  const descriptor = openSync(`/proc/${server.pid}/root${folder}`, "r");
  // Not its path, which leads to the folder beneath the disk for all but the server.
  const held = `/proc/self/fd/${descriptor}`;
  const ballast = `${held}/ballast`;
  return {
    fill() {
      const file = openSync(ballast, "w");
      for (const size of [1024 * 1024, 4096]) writeUntilFull(file, Buffer.alloc(size, 1));
      closeSync(file);
    },
    clear: () => rmSync(ballast),
    copyOut: (name, to) => copyFileSync(`${held}/${name}`, to),
    [Symbol.dispose]: () => closeSync(descriptor),
  };
}

function writeUntilFull(file: number, bytes: Buffer): void {
  try {
    for (;;) writeSync(file, bytes);
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "ENOSPC")) throw error;
  }
}
