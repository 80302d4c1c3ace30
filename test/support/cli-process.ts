import { FROM_SOURCE, ROOT } from "./server-process.ts";

export interface CommandResult {
  readonly status: number | string;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CommandOptions {
  readonly cwd?: string;
  /** All of the environment but PATH and HOME. */
  readonly env?: Readonly<Record<string, string>>;
}

/** Runs a program to its end. */
export async function runProcess(command: readonly string[], options: CommandOptions = {}): Promise<CommandResult> {
  const child = Bun.spawn([...command], {
    cwd: options.cwd ?? ROOT,
    env: { PATH: process.env["PATH"] ?? "", HOME: process.env["HOME"] ?? "", ...options.env },
    stdin: "ignore",
    stdout: "pipe",
    stderr: "pipe",
  });
  const [stdout, stderr] = await Promise.all([
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
    child.exited,
  ]);
  return { status: child.exitCode ?? child.signalCode ?? "unknown", stdout, stderr };
}

/** One command of Passhook, in a process of its own; answers its JSON. Throws unless it ends with status 0. */
export async function passhookJson<T>(
  args: readonly string[],
  options: CommandOptions & { readonly command?: readonly string[] } = {},
): Promise<T> {
  const { command = FROM_SOURCE, ...rest } = options;
  const { status, stdout, stderr } = await runProcess([...command, ...args, "--json"], rest);
  if (status !== 0) throw new Error(`passhook ${args.join(" ")} ended with ${status}:\n${stderr}`);
  return JSON.parse(stdout) as T;
}
