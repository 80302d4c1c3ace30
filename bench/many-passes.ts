import { join } from "node:path";
import SqliteDatabase from "better-sqlite3";
import { newRecipientId, newSerial } from "../src/ids.ts";
import { nameKeyOf } from "../src/passes/recipient.ts";
import { cardOf, personOf, type Shop } from "./shop.ts";

type Row = Readonly<Record<string, string | number | bigint | Buffer | null>>;

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
/** Every so many passes sit on a phone. */
const INSTALLED_EVERY = 3;
const TOGETHER = 100_000;
const PASS_TYPE = "pass.dev.passhook.demo";

/**
 * Adds passes to a shop whose server does not run, as if they had been issued one a minute and told to Klaviyo: each with
 * its person, what they are known by, and its history; every third is on a phone. Answers the serial numbers of the others.
 */
export function writePasses({ dataDir, sample }: Shop, count: number): string[] {
  const client = new SqliteDatabase(join(dataDir, "passhook.db"));
  // Nothing but this is at work here, and what is written is thrown away.
  client.pragma("synchronous = OFF");
  client.pragma("foreign_keys = OFF");
  client.pragma("cache_size = -2000000");
  const issued = read(client, "select * from passes where serial = ?", sample);
  const person = read(client, "select * from recipients where id = ?", issued["recipient_id"]);
  const created = read(client, "select * from pass_events where serial = ?", sample);
  const add = {
    recipient: inserter(client, "recipients", person),
    identifier: inserter(client, "recipient_identifiers", {
      account_id: person["account_id"] ?? "",
      kind: "email",
      value: "",
      recipient_id: "",
    }),
    pass: inserter(client, "passes", issued),
    event: inserter(client, "pass_events", created, "id"),
    device: inserter(client, "devices", {
      device_id: "",
      pass_type_identifier: PASS_TYPE,
      push_token: "",
      refreshed_at: 0,
    }),
    registration: inserter(client, "registrations", {
      device_id: "",
      pass_type_identifier: PASS_TYPE,
      serial: "",
      registered_at: 0,
    }),
  };
  const begun = Number(issued["created_at"]) - count * MINUTE_MS;

  const serials: string[] = [];
  function addOne(n: number): void {
    const at = begun + n * MINUTE_MS;
    const [serial, recipientId] = [newSerial(at), newRecipientId(at)];
    const { email, name } = personOf(n);
    const isInstalled = n % INSTALLED_EVERY === 0;
    const times = { created_at: at, updated_at: at };
    add.recipient({ id: recipientId, name, name_key: nameKeyOf(name), email, ...times });
    add.identifier({ value: email, recipient_id: recipientId });
    add.pass({
      ...{ serial, recipient_id: recipientId, fields: JSON.stringify(storedCard(n)), ...times },
      ...{ last_modified: Math.floor(at / 1_000), content_hash: serial.slice(0, 22), written_back_at: at + MINUTE_MS },
      ...{ installed_at: isInstalled ? at : null, update_tag: isInstalled ? n : 0 },
    });
    add.event({ serial, at });
    if (!isInstalled) serials.push(serial);
    else {
      const device = { device_id: `phone-${recipientId}` };
      add.event({ serial, at, kind: "installed", changed_fields: "[]" });
      add.device({ ...device, push_token: Buffer.from(serial).toString("hex"), refreshed_at: at });
      add.registration({ ...device, serial, registered_at: at });
    }
  }

  const some = client.transaction((from: number, to: number) => {
    for (let n = from; n < to; n++) addOne(n);
  });
  for (let from = 1; from <= count; from += TOGETHER) some(from, Math.min(from + TOGETHER, count + 1));
  client.exec(`
    delete from daily_counts;
    insert into daily_counts (account_id, template_id, kind, day, count)
      select account_id, template_id, kind, at / ${DAY_MS}, count(*) from pass_events join passes using (serial) group by 1, 2, 3, 4;
    insert or replace into counters (name, value) values ('update tag', ${count + 1});
    pragma wal_checkpoint(truncate);
  `);
  client.close();
  return serials;
}

/** Numbers are stored without what Klaviyo puts behind them. */
const storedCard = (n: number) => ({ ...cardOf(n), "points-balance": String(n % 1000) });

function read(client: SqliteDatabase.Database, sql: string, key: unknown): Row {
  const row = client.prepare<[unknown], Row>(sql).get(key);
  if (!row) throw new Error(`Nothing was found by: ${sql}`);
  return row;
}

/** Adds copies of a row that differ in what is given; `generated` is the database's own. */
function inserter(client: SqliteDatabase.Database, table: string, model: Row, generated?: string) {
  const columns = Object.keys(model).filter((name) => name !== generated);
  const insert = client.prepare(
    `insert into ${table} (${columns.join(", ")}) values (${columns.map((name) => `@${name}`).join(", ")})`,
  );
  return (values: Row): void => {
    insert.run({ ...model, ...values });
  };
}
