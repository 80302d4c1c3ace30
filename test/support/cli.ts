import { runCli } from "../../src/cli/program.ts";

export interface CliRun {
  /** 0 good, 1 failed, 2 wrong use. */
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a command line in this process, as `passhook …` would, with nothing but `env` in its environment. */
export async function cliWith(env: Readonly<Record<string, string>>, ...argv: readonly string[]): Promise<CliRun> {
  let stdout = "";
  let stderr = "";
  const status = await runCli(argv, {
    stdout: (text) => {
      stdout += text;
    },
    stderr: (text) => {
      stderr += text;
    },
    env,
    stderrIsTty: false,
  });
  return { status, stdout, stderr };
}

/** The same with an empty environment. */
export const cli = (...argv: readonly string[]): Promise<CliRun> => cliWith({}, ...argv);

/** The JSON document of a command that must succeed. */
export async function cliJson<T>(...argv: readonly string[]): Promise<T> {
  const { status, stdout, stderr } = await cli(...argv, "--json");
  if (status !== 0) throw new Error(`passhook ${argv.join(" ")} ended with ${status}: ${stderr}`);
  return JSON.parse(stdout) as T;
}
