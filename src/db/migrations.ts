// Written by scripts/migration.ts.
import sql0 from "../../drizzle/0000_foundation.sql" with { type: "text" };
import sql1 from "../../drizzle/0001_klaviyo-and-api.sql" with { type: "text" };

/** Every migration, oldest first. One that was released never changes. */
export const MIGRATIONS: readonly { readonly id: string; readonly sql: string }[] = [
  { id: "0000_foundation", sql: sql0 },
  { id: "0001_klaviyo-and-api", sql: sql1 },
];
