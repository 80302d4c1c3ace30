/**
 * Runs the pinned Bun with the arguments given, after installing what is missing: Bun itself (from the npm package
 * `bun`) and the dependencies of bun.lock. Needs nothing but Node and npm. What it says goes to stderr, so that the
 * output of a command stays the command's own.
 */
import { spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const windows = process.platform === "win32";
const manifest = readFileSync(join(root, "package.json"), "utf8");
const pinned = JSON.parse(manifest).packageManager.replace("bun@", "");

const startedBy = process.ppid;
const bun = findBun();
installDependencies();
const child = spawn(bun, process.argv.slice(2), { stdio: "inherit" });
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));
// npm runs a script by a shell, and hands on a signal to that only: Debian's dies of it and tells nobody.
if (process.env.npm_lifecycle_event !== undefined) {
  const watch = setInterval(() => {
    if (process.ppid === startedBy) return;
    clearInterval(watch);
    child.kill("SIGTERM");
  }, 250);
}
child.on("exit", (code, signal) => process.exit(code ?? (signal === "SIGINT" ? 130 : 143)));

function findBun() {
  const local = join(root, ".bun", "node_modules", ".bin", windows ? "bun.cmd" : "bun");
  for (const candidate of ["bun", local]) if (versionOf(candidate) === pinned) return candidate;
  console.error(`Installing Bun ${pinned} …`);
  mkdirSync(join(root, ".bun"), { recursive: true });
  run(windows ? "npm.cmd" : "npm", [
    "install",
    "--no-save",
    "--no-package-lock",
    "--prefix",
    join(root, ".bun"),
    `bun@${pinned}`,
  ]);
  return local;
}

/** Once per state of the lock file. */
function installDependencies() {
  const stamp = join(root, "node_modules", ".passhook-installed");
  const wanted = createHash("sha256")
    .update(manifest)
    .update(readFileSync(join(root, "bun.lock")))
    .digest("hex");
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === wanted) return;
  console.error("Installing dependencies …");
  run(bun, ["install", "--frozen-lockfile"]);
  writeFileSync(stamp, wanted);
}

function versionOf(command) {
  const { status, stdout } = spawnSync(command, ["--version"], { encoding: "utf8", shell: windows });
  return status === 0 ? stdout.trim() : undefined;
}

function run(command, args) {
  const { status, error } = spawnSync(command, args, { cwd: root, stdio: ["ignore", 2, 2], shell: windows });
  if (status === 0) return;
  console.error(`${command} ${args.join(" ")} failed${error ? `: ${error.message}` : ""}.`);
  process.exit(1);
}
