import { join } from "node:path";
import SqliteDatabase from "better-sqlite3";
import { createApp } from "../src/app.ts";
import { findDevice } from "../src/apple/device-store.ts";
import { resolveConfig } from "../src/config.ts";
import { readGalleryTemplate } from "../src/templates/folder.ts";
import { pointsCard } from "../src/templates/gallery/points-card.ts";
import { startFakeApns } from "../test/support/apns/fake-apns.ts";
import { benchFolder } from "./bench-folder.ts";
import type { Bench, Figure } from "./figure.ts";

const DEVICES = Number(process.env["BENCH_DEVICES"] ?? 100_000);
const PASS_TYPE = "pass.dev.passhook.demo";
const SINGLE_EVERY_MS = 500;

/** A template's new version with many phones, and how long a single change waits meanwhile. */
export const pushBench: Bench = {
  name: "push",
  title: `a template's new version for ${DEVICES.toLocaleString("en")} phones, one process, a fake of Apple's service`,
  async run(): Promise<Figure[]> {
    using folder = benchFolder();
    await using apns = await startFakeApns({ keepPushes: false, maxConcurrentStreams: 500 });
    const apnsCa = join(folder.path, "ca.pem");
    await Bun.write(apnsCa, apns.ca);
    const { config, secrets } = resolveConfig({ data: join(folder.path, "data"), apnsUrl: apns.url, apnsCa }, {});
    await using app = createApp({ config, secrets });
    const account = await app.accounts.create("Bench");
    const source = await readGalleryTemplate(pointsCard);
    const { id } = await app.templates.push(account.id, source);
    const template = await app.templates.current(account.id, id);
    const { pass } = await app.issuer.issue({
      accountId: account.id,
      template,
      given: new Map(),
      recipient: {},
      bodyHash: "bench",
    });
    const serials = multiply(join(config.dataDir, "passhook.db"), pass.serial, DEVICES);

    app.worker.start();
    const memoryBefore = process.memoryUsage.rss();
    let memoryPeak = memoryBefore;
    const definition = { ...template.definition, pass: { ...template.definition.pass, logoText: "Another name" } };
    const startedAt = performance.now();
    await app.templates.push(account.id, { id, definition, images: template.images });
    const waits: number[] = [];
    let points = 1;
    while (apns.answered < DEVICES) {
      // From the end, which the template's change reaches last: these phones have not been pushed yet.
      const serial = serials.pop() ?? "";
      const before = performance.now();
      await app.updater.update(
        { accountId: account.id, serial },
        { given: new Map([["points-balance", { kind: "text", text: String(points++) }]]), mode: "merge" },
      );
      const key = { deviceId: `phone-${DEVICES - points + 1}`, passTypeIdentifier: PASS_TYPE };
      while ((await findDevice(app.db.read, key))?.lastPushAt === null) await Bun.sleep(2);
      waits.push(performance.now() - before);
      memoryPeak = Math.max(memoryPeak, process.memoryUsage.rss());
      await Bun.sleep(SINGLE_EVERY_MS);
    }
    const seconds = (performance.now() - startedAt) / 1_000;
    waits.sort((a, b) => a - b);
    const at = (share: number) => waits[Math.min(waits.length - 1, Math.floor(waits.length * share))] ?? Number.NaN;
    return [
      { name: "pushes, from the change to the last", unit: "/s", rounds: [DEVICES / seconds] },
      { name: "a single change meanwhile, p50", unit: "ms", rounds: [at(0.5)] },
      { name: "a single change meanwhile, p99", unit: "ms", rounds: [at(0.99)] },
      { name: "memory before", unit: "MB", rounds: [memoryBefore / 1024 / 1024] },
      { name: "memory at most", unit: "MB", rounds: [memoryPeak / 1024 / 1024] },
    ];
  },
};

const tokenOf = (n: number): string => n.toString(16).padStart(64, "0");

/** Copies of one pass, each on a phone of its own, written at once: issuing them is another bench. */
function multiply(path: string, serial: string, count: number): string[] {
  const db = new SqliteDatabase(path);
  const serials = Array.from({ length: count }, (_, n) => String(n).padStart(26, "0"));
  const columns = db.prepare<[], { name: string }>("select name from pragma_table_info('passes')").all();
  const others = columns.map(({ name }) => name).filter((name) => !["serial", "reusable"].includes(name));
  const copy = db.prepare(
    `insert into passes (serial, reusable, ${others.join(", ")}) select ?, 0, ${others.join(", ")} from passes where serial = ?`,
  );
  const device = db.prepare(
    "insert into devices (device_id, pass_type_identifier, push_token, refreshed_at) values (?, ?, ?, 0)",
  );
  const registration = db.prepare(
    "insert into registrations (device_id, pass_type_identifier, serial, registered_at) values (?, ?, ?, 0)",
  );
  db.transaction(() => {
    for (const [n, one] of serials.entries()) {
      copy.run(one, serial);
      device.run(`phone-${n}`, PASS_TYPE, tokenOf(n));
      registration.run(`phone-${n}`, PASS_TYPE, one);
    }
  })();
  db.close();
  return serials;
}
