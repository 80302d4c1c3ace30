import { existsSync, rmSync, statfsSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { messageOf } from "../errors.ts";
import { MIN_FREE_BYTES } from "../http/health.ts";
import { type Check, good, problem, warning } from "./check.ts";

const NAME = "data folder";
const MB = 1024 * 1024;
const LITTLE_FREE_BYTES = 500 * MB;

/** Linux's `f_type` (statfs(2), linux/magic.h), by how well SQLite's locks and shared memory work there. */
const NETWORK_FILE_SYSTEMS: Readonly<Record<number, string>> = {
  26985: "NFS",
  20859: "SMB",
  4266872130: "SMB",
  4283649346: "CIFS",
  12805120: "CephFS",
  198183888: "Lustre",
  1397113167: "AFS",
  1937076805: "Coda",
};
const DOUBTFUL_FILE_SYSTEMS: Readonly<Record<number, string>> = {
  1702057286: "FUSE",
  16914839: "9p",
  2020557398: "a VirtualBox folder",
  3133910204: "a VMware folder",
};

/** The folder of the database: there, ours alone, writable, with room, and on a disk of this machine. */
export function checkDataFolder(dir: string): Check[] {
  if (!existsSync(dir)) {
    return [warning(NAME, `${dir} does not exist; the first start makes it (passhook serve).`)];
  }
  return [checkAccess(dir), checkRoom(dir), checkFileSystem(statfsSync(dir).type)];
}

function checkAccess(dir: string): Check {
  const { mode, uid } = statSync(dir);
  const probe = join(dir, `.doctor-${process.pid}`);
  try {
    // A file system that was remounted read-only tells by writing only.
    writeFileSync(probe, "", { flag: "wx", mode: 0o600 });
  } catch (error) {
    return problem(NAME, `${dir} cannot be written (${messageOf(error)}); give it to the user that runs Passhook.`);
  } finally {
    rmSync(probe, { force: true });
  }
  if (process.platform === "win32") return good(NAME, dir);
  const bits = (mode & 0o777).toString(8).padStart(4, "0");
  if ((mode & 0o077) !== 0) {
    return problem(NAME, `${dir} is open to other users (${bits}), and customers' names are in it: chmod 700 ${dir}`);
  }
  if (process.getuid?.() !== uid) {
    return warning(
      NAME,
      `${dir} belongs to another user (id ${uid}); run Passhook's commands as the user of the server.`,
    );
  }
  return good(NAME, `${dir} (${bits})`);
}

function checkRoom(dir: string): Check {
  const { bavail, bsize } = statfsSync(dir);
  const free = bavail * bsize;
  const text = `${Math.floor(free / MB)} MB free`;
  if (free < MIN_FREE_BYTES) return problem("free space", `${text}: webhooks are answered 503; make room on the disk.`);
  if (free < LITTLE_FREE_BYTES)
    return warning("free space", `${text}; an upgrade and a backup need as much as the data.`);
  return good("free space", text);
}

/** WAL needs shared memory, so "all processes using a database must be on the same host" (SQLite: Write-Ahead Logging). */
export function checkFileSystem(type: number, platform: NodeJS.Platform = process.platform): Check {
  const name = "file system";
  if (platform !== "linux") return good(name, "not examined on this system; it must be a disk of this machine");
  // 32 bits, which some runtimes give with a sign.
  const magic = type >>> 0;
  const network = NETWORK_FILE_SYSTEMS[magic];
  if (network) {
    return problem(
      name,
      `${network}: SQLite loses data on network file systems; move the data folder to a local disk.`,
    );
  }
  const doubtful = DOUBTFUL_FILE_SYSTEMS[magic];
  if (doubtful)
    return warning(name, `${doubtful}: be sure that a local disk is behind it, or move the data folder to one.`);
  return good(name, "a local disk");
}
