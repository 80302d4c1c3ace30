import { expect, test } from "bun:test";
import { join } from "node:path";
import type { PassObject } from "../src/api/pass-object.ts";
import { startFakeKlaviyo } from "./support/app.ts";
import { eventually } from "./support/eventually.ts";
import { fastTime } from "./support/fast-time.ts";
import { noOwnMounts } from "./support/own-mounts.ts";
import { prepareShop, readRows } from "./support/prepared-shop.ts";
import { freePort, startServerProcess } from "./support/server-process.ts";
import { onSmallDisk, smallDiskOf } from "./support/small-disk.ts";
import { temporaryFolder } from "./support/temporary-folder.ts";
import { SAFARI_IPHONE } from "./support/user-agents.ts";

interface Readiness {
  readonly ready: boolean;
  readonly components: Readonly<Record<string, { readonly ok: boolean; readonly detail: string }>>;
}

const MEGABYTES = 48;

if (noOwnMounts) console.warn(`SKIPPED: a full disk cannot be had here, because ${noOwnMounts}.`);

test.skipIf(noOwnMounts !== undefined)(
  "a full disk: webhooks are answered 503, nothing acknowledged is lost, and it heals by itself",
  async () => {
    // Leases of jobs whose end could not be stored run out while we look on.
    const time = fastTime(20);
    using folder = temporaryFolder();
    await using klaviyo = await startFakeKlaviyo({ now: time.now });
    const shop = await prepareShop(join(folder.path, "data"), klaviyo);
    const { dataDir } = shop;
    await using server = await startServerProcess({
      command: onSmallDisk(dataDir, MEGABYTES, time.command),
      dataDir,
      port: await freePort(),
      env: { ...time.env, ...shop.env },
    });
    using disk = smallDiskOf(server, dataDir);
    const acknowledged: string[] = [];
    const issue = async (): Promise<Response> => {
      const body = JSON.stringify({
        passTemplate: shop.templates["points-card"],
        pass: { "points-balance": "70.0" },
        recipient: { email: `${crypto.randomUUID()}@example.com` },
      });
      const answer = await fetch(`${server.url}/v1/passes`, { method: "POST", headers: shop.headers, body });
      if (answer.status === 200) acknowledged.push(((await answer.clone().json()) as PassObject).serialNumber);
      return answer;
    };
    const readiness = async () => {
      const answer = await fetch(`${server.url}/readyz`);
      return { status: answer.status, ...((await answer.json()) as Readiness) };
    };
    for (let i = 0; i < 20; i++) expect((await issue()).status).toBe(200);
    expect((await readiness()).status).toBe(200);

    disk.fill();
    // The log of the database has room left that was taken before.
    const refused = await eventually("a webhook is refused", async () => {
      const answer = await issue();
      return answer.status !== 200 && answer;
    });
    expect([refused.status, Number(refused.headers.get("retry-after")) >= 1]).toEqual([503, true]);
    expect(await refused.json()).toMatchObject({ error: expect.stringContaining("the disk is full") });
    const before = acknowledged.length;
    const burst = await Promise.all(Array.from({ length: 20 }, issue));
    expect(burst.map(({ status }) => status)).toEqual(burst.map(() => 503));
    const ill = await eventually("the server is not ready", async () => {
      const report = await readiness();
      return report.status === 503 && report;
    });
    expect(ill.components["disk"]).toEqual({ ok: false, detail: "only 0 MB free" });
    // Who has a pass gets it all the same, although it cannot be noted that they did.
    const headers = { "user-agent": SAFARI_IPHONE };
    expect((await fetch(`${server.url}/p/${acknowledged[0]}.pkpass`, { headers })).status).toBe(200);

    disk.clear();
    expect((await issue()).status).toBe(200);
    await eventually("the server is ready again", async () => (await readiness()).status === 200);
    await eventually("no job is left", async () => {
      const { components } = await readiness();
      return components["outbox"]?.detail === "0 pending, 0 dead";
    });
    expect(acknowledged.length).toBe(before + 1);
    for (const serial of acknowledged) {
      expect((await fetch(`${server.url}/p/${serial}.pkpass`)).status).toBe(200);
    }
    expect(await server.stop("SIGTERM")).toBe(0);

    disk.copyOut("passhook.db", join(folder.path, "passhook.db"));
    expect(readRows<{ integrity_check: string }>(folder.path, "PRAGMA integrity_check")).toEqual([
      { integrity_check: "ok" },
    ]);
    const stored = readRows<{ serial: string }>(folder.path, "SELECT serial FROM passes").map(({ serial }) => serial);
    // Nothing is stored of what was refused.
    expect(stored.sort()).toEqual([...acknowledged].sort());
    const created = klaviyo.events.map(({ event_properties }) => String(event_properties["serial"]));
    expect(created.sort()).toEqual([...acknowledged].sort());
  },
  120_000,
);
