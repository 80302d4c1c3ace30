import { expect, test } from "bun:test";
import { Glob } from "bun";
import { ROOT } from "./support/server-process.ts";

/** The rules of docs/architecture.md that a reader could break without noticing. */

interface SourceFile {
  /** From `src/`. */
  readonly path: string;
  readonly text: string;
  /** Modules it names, relative ones from `src/`. */
  readonly imports: readonly string[];
}

const files: readonly SourceFile[] = await Promise.all(
  [...new Glob("**/*.{ts,tsx}").scanSync(`${ROOT}src`)]
    .filter((path) => !path.includes(".test.") && !path.endsWith(".d.ts"))
    .sort()
    .map(async (path) => {
      const text = await Bun.file(`${ROOT}src/${path}`).text();
      const named = [...text.matchAll(/^(?:import|export)\s[^;]*?from\s+"([^"]+)"|^import\s+"([^"]+)"/gm)];
      return { path, text, imports: named.map((match) => resolve(path, match[1] ?? match[2] ?? "")) };
    }),
);

function resolve(from: string, name: string): string {
  return name.startsWith(".") ? new URL(name, `file:///${from}`).pathname.slice(1) : name;
}

const importers = (module: RegExp) =>
  files.filter(({ imports }) => imports.some((name) => module.test(name))).map(({ path }) => path);
const users = (code: RegExp) => files.filter(({ text }) => code.test(withoutComments(text))).map(({ path }) => path);
const withoutComments = (text: string) => text.replace(/\/\*[\s\S]*?\*\//g, "").replace(/(^|\s)\/\/.*$/gm, "$1");
const outside = (paths: readonly string[], allowed: RegExp) => paths.filter((path) => !allowed.test(path));

test("every file is read here", () => {
  expect(files.length).toBeGreaterThan(50);
  expect(files.find(({ path }) => path === "app.ts")?.imports).toContain("db/database.ts");
});

test("no import cycles", () => {
  const importsOf = new Map(files.map(({ path, imports }) => [path, imports]));
  const finished = new Set<string>();
  const cycles: string[] = [];
  const visit = (path: string, trail: readonly string[]): void => {
    if (finished.has(path)) return;
    if (trail.includes(path)) {
      cycles.push([...trail.slice(trail.indexOf(path)), path].join(" → "));
      return;
    }
    for (const next of importsOf.get(path) ?? []) if (importsOf.has(next)) visit(next, [...trail, path]);
    finished.add(path);
  };
  for (const { path } of files) visit(path, []);
  expect(cycles).toEqual([]);
});

test("only routes and http/ know Elysia", () => {
  expect(outside(importers(/^elysia/), /(-routes\.tsx?$|^http\/)/)).toEqual([]);
});

test("only stores, outbox/ and db/ know drizzle, and only db/ knows SQLite", () => {
  expect(outside(importers(/^drizzle-orm/), /(-store\.ts$|^outbox\/|^db\/)/)).toEqual([]);
  expect(outside(importers(/^better-sqlite3/), /^db\//)).toEqual([]);
});

test("drizzle's own transaction is never used: it does not wait for asynchronous work", () => {
  expect(users(/\b(query|read)\.transaction\(/)).toEqual([]);
});

test("only the composition root and the command line know all parts", () => {
  expect(outside(importers(/^app\.ts$/), /^(cli\/|first-run\.ts$)/)).toEqual([]);
  expect(outside(importers(/^cli\//), /^(cli\/|main\.ts$)/)).toEqual([]);
});

test("the outbox knows no handler, and db/ knows nobody", () => {
  const folderOf = (path: string) => path.split("/")[0] ?? "";
  const named = (folder: string) =>
    files
      .filter(({ path }) => folderOf(path) === folder)
      .flatMap(({ imports }) => imports.filter((name) => name.includes("/")));
  expect(outside(named("outbox"), /^(outbox|db|drizzle-orm|node:)/)).toEqual([]);
  expect(outside(named("db"), /^(db\/|\.\.\/drizzle\/|drizzle\/|drizzle-orm)/)).toEqual([]);
});

test("the environment is read in one place, and the process ends in one", () => {
  expect(users(/process\.env/)).toEqual(["config.ts", "main.ts"]);
  expect(users(/process\.exit\(/)).toEqual(["main.ts"]);
});

test("only the Klaviyo client, the push client, the webhook sender and the readiness question use the network", () => {
  expect(users(/\bfetch\(/)).toEqual(["cli/system.ts", "klaviyo/client.ts"]);
  expect(importers(/^node:(http|https|http2|net|tls|dgram|dns\/promises)$/)).toEqual([
    "apple/push/connection.ts",
    "webhooks/sender.ts",
  ]);
});

test("time and chance are parameters", () => {
  expect(outside(users(/Date\.now\b|Math\.random|new Date\(\)/), /^(clock\.ts|cli\/context\.ts)$/)).toEqual([]);
});

test("no type escapes: any, non-null assertions, suppressed errors", () => {
  expect(users(/: any\b|\bas any\b|<any>|@ts-ignore|@ts-expect-error|@ts-nocheck/)).toEqual([]);
});

test("files are small; the schema is one list", () => {
  const long = files.filter(({ text }) => text.split("\n").length > 300).map(({ path }) => path);
  expect(outside(long, /^db\/schema\.ts$/)).toEqual([]);
});
