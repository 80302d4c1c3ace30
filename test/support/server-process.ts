import { createServer } from "node:net";

/** A server in a process of its own, as a user runs it. */
export interface ServerProcess extends AsyncDisposable {
  readonly url: string;
  readonly pid: number;
  /** What it printed before it was ready. */
  readonly startBlock: string;
  /** Ends it with a signal; resolves to the exit status, or the signal's name. */
  stop(signal: NodeJS.Signals): Promise<number | string>;
  readonly stderr: () => string;
}

export interface ServerProcessOptions {
  /** Command before the arguments: from source by default. */
  readonly command?: readonly string[];
  readonly dataDir: string;
  readonly port: number;
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
}

export const ROOT = new URL("../..", import.meta.url).pathname;

/** The program from source, run by the Bun that runs the tests. */
export const FROM_SOURCE: readonly string[] = [process.execPath, "run", `${ROOT}src/main.ts`];

/** Starts a server and waits until it has printed its block, which it does when it listens. */
export async function startServerProcess(options: ServerProcessOptions): Promise<ServerProcess> {
  const { command = FROM_SOURCE, dataDir, port, cwd = ROOT, env = {} } = options;
  const child = Bun.spawn([...command, "serve", "--data", dataDir, "--listen", `127.0.0.1:${port}`], {
    cwd,
    env: { PATH: process.env["PATH"] ?? "", HOME: process.env["HOME"] ?? "", ...env },
    stdout: "pipe",
    stderr: "pipe",
  });
  let stderr = "";
  const readingErrors = collect(child.stderr, (text) => {
    stderr += text;
  });
  const startBlock = await readUntil(child.stdout, /\n\n$/);
  if (startBlock === undefined) {
    await readingErrors;
    throw new Error(`The server ended with ${await child.exited}:\n${stderr}`);
  }
  const stop = async (signal: NodeJS.Signals): Promise<number | string> => {
    if (child.exitCode === null && child.signalCode === null) child.kill(signal);
    await child.exited;
    return child.exitCode ?? child.signalCode ?? "unknown";
  };
  return {
    url: `http://127.0.0.1:${port}`,
    pid: child.pid,
    startBlock,
    stop,
    stderr: () => stderr,
    async [Symbol.asyncDispose]() {
      await stop("SIGKILL");
    },
  };
}

/**
 * A port that nothing listens on now. It is below those that systems give to outgoing connections (from 32768 on Linux,
 * 49152 elsewhere), so that none of these takes it while a server that uses it is started again.
 */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = 20_000 + Math.floor(Math.random() * 12_000);
    if (await isFree(port)) return port;
  }
}

function isFree(port: number): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const server = createServer();
  server.once("error", () => resolve(false));
  server.listen(port, "127.0.0.1", () => server.close(() => resolve(true)));
  return promise;
}

async function collect(stream: ReadableStream<Uint8Array>, onText: (text: string) => void): Promise<void> {
  const decoder = new TextDecoder();
  for await (const chunk of stream) onText(decoder.decode(chunk, { stream: true }));
}

/** The text up to a match; nothing when the stream ends before. What follows is read and dropped. */
function readUntil(stream: ReadableStream<Uint8Array>, end: RegExp): Promise<string | undefined> {
  const { promise, resolve, reject } = Promise.withResolvers<string | undefined>();
  let text = "";
  collect(stream, (chunk) => {
    text += chunk;
    if (end.test(text)) resolve(text);
  }).then(() => resolve(undefined), reject);
  return promise;
}
