/**
 * Makes the next SQL migration from `src/db/schema.ts` (`npm run migration -- --name what-changes`): drizzle-kit writes
 * it, this makes its tables STRICT (which drizzle-kit cannot say), lets a table that is made anew copy only the columns
 * that the old one has (drizzle-kit copies the added ones too), and lists it in `src/db/migrations.ts`.
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
  const before = i === 0 ? undefined : await columnsAfter(i - 1);
  const corrected = sql
    .replace(/(CREATE TABLE `[^`]+` \([\s\S]*?\n\))(?: STRICT)?;/g, "$1 STRICT;")
    .replace(/INSERT INTO `__new_([^`]+)`\((.*?)\) SELECT \2 FROM/g, (_, table: string, columns: string) => {
      const kept = columns.split(", ").filter((column) => before?.[table]?.includes(column.replaceAll('"', "")));
      return `INSERT INTO \`__new_${table}\`(${kept.join(", ")}) SELECT ${kept.join(", ")} FROM`;
    });
  if (corrected !== sql) await file.write(corrected);
}

/** Table → columns, as a migration leaves them. */
async function columnsAfter(migration: number): Promise<Record<string, readonly string[]>> {
  const path = `${root}/drizzle/meta/${String(migration).padStart(4, "0")}_snapshot.json`;
  const { tables } = (await Bun.file(path).json()) as { tables: Record<string, { columns: object }> };
  return Object.fromEntries(Object.entries(tables).map(([name, { columns }]) => [name, Object.keys(columns)]));
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
