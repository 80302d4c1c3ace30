import { runCli } from "../../src/cli/program.ts";

export interface CliRun {
  /** 0 good, 1 failed, 2 wrong use. */
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a command line in this process, as `passhook …` would, with nothing but `env` in its environment. */
export async function cli(argv: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<CliRun> {
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
