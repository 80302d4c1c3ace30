/** Every check of the project, in the order in which they are quickest to fail; `npm test`. */
const root = new URL("..", import.meta.url).pathname;
const bin = (name: string) => `${root}node_modules/.bin/${name}`;
const only = process.argv.slice(2);

await step("format and lint", [bin("biome"), "ci", "--error-on-warnings", root]);
await step("types", [bin("tsc"), "--project", root]);
await step("types of the scripts of pages", [bin("tsc"), "--project", `${root}src/web`]);
// A process per core: much of the time of tests of browsers and programs is waiting.
const output = await step("tests", [
  process.execPath,
  "test",
  "--parallel",
  "--no-isolate",
  "--timeout",
  "120000",
  ...only,
]);

const count = (word: string) => Number(new RegExp(`^\\s*(\\d+) ${word}$`, "m").exec(output)?.[1] ?? 0);
console.log(`tests: ${count("pass")} passed, ${count("fail")} failed, ${count("skip")} skipped`);

/** Shows the step's output as it comes, and keeps it; ends the program when the step fails. */
async function step(name: string, command: string[]): Promise<string> {
  const startedAt = performance.now();
  console.log(`\n— ${name}`);
  const child = Bun.spawn(command, {
    cwd: root,
    stdout: "pipe",
    stderr: "pipe",
    env: { ...process.env, FORCE_COLOR: "0" },
  });
  const texts = await Promise.all([tee(child.stdout), tee(child.stderr)]);
  const status = await child.exited;
  console.log(
    `— ${name}: ${status === 0 ? "good" : "FAILED"} after ${((performance.now() - startedAt) / 1000).toFixed(1)} s`,
  );
  if (status !== 0) process.exit(1);
  return texts.join("\n");
}

async function tee(stream: ReadableStream<Uint8Array>): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  for await (const chunk of stream) {
    process.stdout.write(chunk);
    text += decoder.decode(chunk, { stream: true });
  }
  return text;
}
