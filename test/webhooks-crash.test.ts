import { expect, test } from "bun:test";
import { join } from "node:path";
import { startFakeKlaviyo } from "./support/app.ts";
import { eventually } from "./support/eventually.ts";
import { fastTime } from "./support/fast-time.ts";
import { prepareShop, readRows } from "./support/prepared-shop.ts";
import { startReceiver } from "./support/receiver.ts";
import { startRestartingServer } from "./support/restarting-server.ts";
import { freePort } from "./support/server-process.ts";
import { temporaryFolder } from "./support/temporary-folder.ts";

/** A lease of 30 s ends after 1.5 s. */
const TIME_FACTOR = 20;

test("kill -9 between the sending of an event and the storing of its receipt: it comes again, with the same id", async () => {
  using folder = temporaryFolder();
  await using klaviyo = await startFakeKlaviyo();
  await using receiver = await startReceiver({ plain: true });
  const time = fastTime(TIME_FACTOR);
  const shop = await prepareShop(join(folder.path, "data"), klaviyo);
  await using server = await startRestartingServer({
    command: time.command,
    dataDir: shop.dataDir,
    port: await freePort(),
    env: { ...time.env, ...shop.env, PASSHOOK_WEBHOOK_ALLOW_PRIVATE: "127.0.0.0/8" },
  });
  const post = async (path: string, body: object): Promise<Record<string, unknown>> => {
    const init = { method: "POST", headers: shop.headers, body: JSON.stringify(body) };
    const response = await fetch(server.url + path, init);
    expect(response.status).toBe(200);
    return (await response.json()) as Record<string, unknown>;
  };
  await post("/v1/webhooks", { name: "Till", url: receiver.url, subscribedEvents: ["pn.pass.issued"] });
  // The receiver has it, and the server never learns.
  receiver.plan(() => {});
  const { serialNumber } = await post("/v1/passes", {
    passTemplate: shop.templates["points-card"],
    pass: {},
    recipient: { email: "sarah@example.com" },
  });
  await receiver.waitFor(1);
  await server.killAndRestart();
  await receiver.waitFor(2);

  const [first, second] = receiver.deliveries;
  expect(first?.event.subject).toBe(String(serialNumber));
  expect(second?.body).toBe(first?.body ?? "");
  expect(second?.headers["webhook-id"]).toBe(first?.event.id ?? "");
  const results = () => readRows(shop.dataDir, "SELECT success, attempt FROM webhook_results");
  expect(await eventually("the receipt is stored", () => results().length > 0 && results())).toEqual([
    { success: 1, attempt: 2 },
  ]);
});
