/**
 * Makes the next SQL migration from `src/db/schema.ts` (`npm run migration -- --name what-changes`): drizzle-kit writes
 * it, this makes its tables STRICT (which drizzle-kit cannot say) and lists it in `src/db/migrations.ts`.
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
for (const name of files) {
  const file = Bun.file(`${root}/drizzle/${name}`);
  const sql = await file.text();
  const strict = sql.replace(/(CREATE TABLE `[^`]+` \([\s\S]*?\n\))(?: STRICT)?;/g, "$1 STRICT;");
  if (strict !== sql) await file.write(strict);
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
