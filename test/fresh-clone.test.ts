import { afterAll, beforeAll, expect, test } from "bun:test";
import { copyFileSync, existsSync, mkdirSync, rmSync, symlinkSync } from "node:fs";
import { dirname, join } from "node:path";
import type { PassObject } from "../src/api/pass-object.ts";
import { runProcess } from "./support/cli-process.ts";
import { eventually } from "./support/eventually.ts";
import { descendantsOf, isRunning } from "./support/process-tree.ts";
import { readPackage } from "./support/read-package.ts";
import { freePort, ROOT } from "./support/server-process.ts";
import { call, printedCall } from "./support/start-block.ts";
import { type TemporaryFolder, temporaryFolder } from "./support/temporary-folder.ts";

/** What somebody gets who clones the project, and has installed its dependencies once, so that no network is needed. */
let folder: TemporaryFolder;
let clone: string;
/** All that is on the machine: Node, npm, the tools of a system, and the Bun that `scripts/bun.mjs` would install. */
let env: Readonly<Record<string, string>>;

beforeAll(async () => {
  folder = temporaryFolder();
  clone = join(folder.path, "passhook");
  for (const path of await projectFiles()) {
    mkdirSync(dirname(join(clone, path)), { recursive: true });
    copyFileSync(join(ROOT, path), join(clone, path));
  }
  await copyDependencies();
  const bin = join(folder.path, "bin");
  mkdirSync(bin);
  for (const name of ["node", "npm"]) symlinkSync(Bun.which(name) ?? "", join(bin, name));
  symlinkSync(process.execPath, join(bin, "bun"));
  env = { PATH: `${bin}:/usr/bin:/bin`, HOME: folder.path };
}, 60_000);

afterAll(() => folder[Symbol.dispose]());

/** What is committed, and what would be: also today's work is tested. All but what is made here, where there is no git. */
async function projectFiles(): Promise<string[]> {
  const list = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"];
  const { status, stdout } = await runProcess(list, { cwd: ROOT });
  const found = status === 0 ? stdout.split("\0") : [...new Bun.Glob("**/*").scanSync({ cwd: ROOT, dot: true })];
  return found.filter(
    (path) => !/^(node_modules|\.git|\.bun|dist|data|)(\/|$)/.test(path) && existsSync(join(ROOT, path)),
  );
}

/** Hard links where the file system allows them, which takes a tenth of a second. */
async function copyDependencies(): Promise<void> {
  const [from, to] = [join(ROOT, "node_modules"), join(clone, "node_modules")];
  const linked = await runProcess(["cp", "-al", from, to]);
  if (linked.status !== 0) {
    rmSync(to, { recursive: true, force: true });
    expect((await runProcess(["cp", "-a", from, to])).status).toBe(0);
  }
  // `scripts/bun.mjs` writes this one, which must not reach the original through a link.
  const stamp = ".passhook-installed";
  rmSync(join(to, stamp), { force: true });
  if (existsSync(join(from, stamp))) copyFileSync(join(from, stamp), join(to, stamp));
}

test("npm start with nothing but Node and npm prints its block and works; its end leaves no process behind", async () => {
  await using server = await npmStart(/^ {2}-d '.*'\n/m);
  const answer = await call(printedCall(server.block));
  expect(answer.status).toBe(200);
  const { urls } = (await answer.json()) as PassObject;
  const files = await readPackage(await (await fetch(urls.apple)).bytes());
  expect([...files.keys()]).toContain("signature");

  // As a supervisor does: npm alone is told.
  process.kill(server.pid, "SIGTERM");
  await server.ended();
}, 60_000);

test("Ctrl-C, which every process gets from the terminal, lets the server end in order", async () => {
  await using server = await npmStart(/^public .*\n/m);
  process.kill(-server.pid, "SIGINT");
  await server.ended();
}, 60_000);

interface NpmStart extends AsyncDisposable {
  /** Of npm, which leads a process group of its own. */
  readonly pid: number;
  readonly block: string;
  /** Resolves when no process is left of those that were started, and the database was closed. */
  ended(): Promise<void>;
}

async function npmStart(printed: RegExp): Promise<NpmStart> {
  const npm = Bun.spawn(["npm", "start"], {
    cwd: clone,
    env: { ...env, PASSHOOK_LISTEN: `127.0.0.1:${await freePort()}` },
    stdin: "ignore",
    stdout: "pipe",
    stderr: "inherit",
    detached: true,
  });
  const block = await textUpTo(npm.stdout, printed);
  const started = [npm.pid, ...descendantsOf(npm.pid)];
  expect(started.length).toBeGreaterThanOrEqual(3);
  const log = join(clone, "data", "passhook.db-wal");
  expect(existsSync(log)).toBe(true);
  return {
    pid: npm.pid,
    block,
    async ended() {
      await npm.exited;
      await eventually("every process has ended", () => !started.some(isRunning), 12_000);
      // It was not torn down: the log of the database was worked in.
      expect(existsSync(log)).toBe(false);
    },
    async [Symbol.asyncDispose]() {
      for (const pid of started.filter(isRunning)) process.kill(pid, "SIGKILL");
      await npm.exited;
    },
  };
}

test("a command prints its one JSON document and nothing else", async () => {
  const command = ["npm", "run", "-s", "passhook", "--", "version", "--json"];
  const { status, stdout } = await runProcess(command, { cwd: clone, env });
  const { version } = (await Bun.file(join(clone, "package.json")).json()) as { version: string };
  expect([status, JSON.parse(stdout)]).toEqual([0, { version }]);
}, 60_000);

test("what a command ends with is what npm ends with", async () => {
  const command = ["npm", "run", "-s", "passhook", "--", "no-such-command"];
  const { status, stderr } = await runProcess(command, { cwd: clone, env });
  expect([status, stderr]).toEqual([2, expect.stringContaining('unknown command "no-such-command"')]);
}, 60_000);

/** What was printed, once `end` is in it; what follows is read and dropped, so that nobody waits to print it. */
function textUpTo(stream: ReadableStream<Uint8Array>, end: RegExp): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const read = async () => {
    const decoder = new TextDecoder();
    let text = "";
    for await (const chunk of stream) {
      text += decoder.decode(chunk, { stream: true });
      if (end.test(text)) resolve(text);
    }
    reject(new Error(`It ended after it had printed:\n${text}`));
  };
  read().catch(reject);
  return promise;
}
