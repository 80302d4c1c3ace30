import { writeSync } from "node:fs";
import { runCli } from "./cli/program.ts";

const status = await runCli(process.argv.slice(2), {
  // Synchronous, so that nothing is lost when the process ends with output still on its way into a pipe.
  stdout: (text) => void writeSync(1, text),
  stderr: (text) => void writeSync(2, text),
  env: process.env,
  stderrIsTty: process.stderr.isTTY === true,
});
process.exit(status);
