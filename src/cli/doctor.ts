import type { Command } from "commander";
import { attempt } from "../doctor/check.ts";
import { examineContents, examineMachine } from "../doctor/doctor.ts";
import { AppError } from "../errors.ts";
import { type CliIo, command } from "./context.ts";
import { print } from "./output.ts";

/** `doctor`: everything that production needs, also while the server runs. */
export function doctorCommand(io: CliIo, program: Command): void {
  command(
    io,
    program,
    "doctor",
    "check everything that production needs, and say what to do",
    async ({ output, resolved, withApp }) => {
      const machine = await examineMachine(resolved.config, resolved.secrets);
      const checks = [
        ...machine.checks,
        ...(machine.ready ? await attempt("database", () => withApp(examineContents)) : []),
      ];
      const count = (state: string) => checks.filter((check) => check.state === state).length;
      const [problems, warnings] = [count("problem"), count("warning")];
      print(output, { ok: problems === 0, checks }, () => {
        const width = Math.max(...checks.map(({ name }) => name.length));
        return [
          ...checks.map(({ name, state, detail }) => `${state.padEnd(7)}  ${name.padEnd(width)}  ${detail}`),
          "",
          problems + warnings === 0 ? "All is well." : `Problems: ${problems}. Warnings: ${warnings}.`,
        ].join("\n");
      });
      if (problems > 0) throw new AppError("unavailable", "Not fit for production: see the problems above.");
    },
  );
}
