/**
 * Makes the executable: `npm run build` for this machine (`dist/passhook`), `npm run build -- --target NAME` for another
 * (`dist/passhook-NAME`). Everything is inside: SQLite, migrations, gallery, assets.
 */
import { parseArgs } from "node:util";

/** Target → the better-sqlite3 entry that embeds its native part; the plain entry would look for it on this machine. */
const TARGETS: Readonly<Record<string, string>> = {
  "linux-x64": "linux-x64",
  "linux-x64-baseline": "linux-x64",
  "linux-arm64": "linux-arm64",
  "linux-x64-musl": "linuxmusl-x64",
  "linux-arm64-musl": "linuxmusl-arm64",
  "darwin-x64": "darwin-x64",
  "darwin-arm64": "darwin-arm64",
  "windows-x64": "win32-x64",
};

const root = new URL("..", import.meta.url).pathname;
const { values } = parseArgs({ options: { target: { type: "string" }, outfile: { type: "string" } } });
const target = values.target ?? hostTarget();
const sqliteEntry = TARGETS[target];
if (!sqliteEntry) {
  console.error(`Unknown target ${target}. There are: ${Object.keys(TARGETS).join(", ")}.`);
  process.exit(2);
}
const suffix = target.startsWith("windows") ? ".exe" : "";
const outfile = values.outfile ?? `${root}dist/${values.target ? `passhook-${target}` : "passhook"}${suffix}`;

const result = await Bun.build({
  entrypoints: [`${root}src/main.ts`],
  compile: { target: `bun-${target}` as Bun.Build.CompileTarget, outfile },
  // Names stay, so that stack traces in the log can be read.
  minify: { whitespace: true, syntax: true },
  plugins: [
    {
      name: "embedded-sqlite",
      setup(build) {
        build.onResolve({ filter: /^better-sqlite3$/ }, () => ({
          path: Bun.resolveSync(`better-sqlite3/${sqliteEntry}`, root),
        }));
      },
    },
  ],
  throw: false,
});
if (!result.success) {
  for (const log of result.logs) console.error(String(log));
  process.exit(1);
}
const { size } = Bun.file(outfile);
console.log(`${outfile.replace(`${process.cwd()}/`, "")} (${(size / 1024 / 1024).toFixed(0)} MB)`);

function hostTarget(): string {
  const platform = process.platform === "win32" ? "windows" : process.platform;
  const report = process.report?.getReport() as { header?: { glibcVersionRuntime?: string } } | undefined;
  const musl = platform === "linux" && !report?.header?.glibcVersionRuntime ? "-musl" : "";
  return `${platform}-${process.arch}${musl}`;
}
