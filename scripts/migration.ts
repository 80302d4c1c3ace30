/**
 * Makes the next SQL migration from `src/db/schema.ts` (`npm run migration -- --name what-changes`): drizzle-kit writes
 * it, this makes its tables STRICT (which drizzle-kit cannot say), mends how it rebuilds a table, and lists it in
 * `src/db/migrations.ts`.
 */
import { readdirSync } from "node:fs";

const root = new URL("..", import.meta.url).pathname;
const generated = Bun.spawnSync(["node", "node_modules/drizzle-kit/bin.cjs", "generate", ...process.argv.slice(2)], {
  cwd: root,
  stdout: "inherit",
  stderr: "inherit",
});
if (generated.exitCode !== 0) process.exit(generated.exitCode);

const files = readdirSync(`${root}/drizzle`)
  .filter((name) => name.endsWith(".sql"))
  .sort();
for (const [i, name] of files.entries()) {
  const file = Bun.file(`${root}/drizzle/${name}`);
  const sql = await file.text();
  const strict = sql.replace(/(CREATE TABLE `[^`]+` \([\s\S]*?\n\))(?: STRICT)?;/g, "$1 STRICT;");
  const mended = i === 0 ? strict : copyKnownColumns(strict, await snapshotOf(files[i - 1] ?? ""));
  if (mended !== sql) await file.write(mended);
}

interface Snapshot {
  readonly tables: Readonly<Record<string, { readonly columns: object } | undefined>>;
}

function snapshotOf(migration: string): Promise<Snapshot> {
  return Bun.file(`${root}/drizzle/meta/${migration.slice(0, 4)}_snapshot.json`).json();
}

/**
 * Where drizzle-kit rebuilds a table it copies new columns too, which the old one does not have, and SQLite takes the
 * quoted name of a column that does not exist for text.
 */
function copyKnownColumns(sql: string, before: Snapshot): string {
  return sql.replace(/INSERT INTO `__new_(\w+)`\(([^)]*)\) SELECT [^;]* FROM `\1`;/g, (_, table, columns) => {
    const known = before.tables[table]?.columns ?? {};
    const copied = columns.split(", ").filter((column: string) => column.replaceAll('"', "") in known);
    return `INSERT INTO \`__new_${table}\`(${copied.join(", ")}) SELECT ${copied.join(", ")} FROM \`${table}\`;`;
  });
}

const imports = files.map((name, i) => `import sql${i} from "../../drizzle/${name}" with { type: "text" };`);
const entries = files.map((name, i) => `  { id: "${name.replace(/\.sql$/, "")}", sql: sql${i} },`);
await Bun.write(
  `${root}/src/db/migrations.ts`,
  `// Written by scripts/migration.ts.
${imports.join("\n")}

/** Every migration, oldest first. One that was released never changes. */
export const MIGRATIONS: readonly { readonly id: string; readonly sql: string }[] = [
${entries.join("\n")}
];
`,
);
