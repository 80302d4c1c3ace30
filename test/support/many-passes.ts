import { join } from "node:path";
import SqliteDatabase from "better-sqlite3";
import { newRecipientId, newSerial } from "../../src/ids.ts";
import { nameKeyOf } from "../../src/passes/recipient.ts";
import { TEST_NOW } from "./clock.ts";

const NAMES = ["Anna", "Ben", "Émile", "Zoë", "Sarah"];

/** Puts passes of as many people into a database, the first the oldest, a minute apart; faster than issuing them. */
export function insertPasses(dataDir: string, accountId: string, templateId: string, count: number): string[] {
  const client = new SqliteDatabase(join(dataDir, "passhook.db"), { timeout: 5_000 });
  const recipient = client.prepare(
    "INSERT INTO recipients (id, account_id, name, name_key, email, created_at, updated_at) VALUES (?, ?, ?, ?, ?, ?, ?)",
  );
  const identifier = client.prepare("INSERT INTO recipient_identifiers VALUES (?, 'email', ?, ?)");
  const pass = client.prepare(
    `INSERT INTO passes (serial, account_id, template_id, recipient_id, fields, state, voided, version, last_modified,
       reusable, external_id_rule, repaired, notes, created_at, updated_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, 1, 1, 1, 'account', 0, '[]', ?, ?)`,
  );
  const serials = client.transaction(() =>
    Array.from({ length: count }, (_, i) => {
      const at = TEST_NOW - (count - i) * 60_000;
      const [serial, id] = [newSerial(at), newRecipientId(at)];
      const name = `${NAMES[i % NAMES.length]} Miller ${i}`;
      const email = `customer${i}@example.com`;
      recipient.run(id, accountId, name, nameKeyOf(name), email, at, at);
      identifier.run(accountId, email, id);
      const state = i % 400 === 7 ? "deleted" : "active";
      const voided = i % 500 === 11 ? 1 : 0;
      pass.run(
        serial,
        accountId,
        templateId,
        id,
        JSON.stringify({ "points-balance": String(i) }),
        state,
        voided,
        at,
        at,
      );
      return serial;
    }),
  )();
  client.close();
  return serials;
}
