import { join } from "node:path";
import { type FakeKlaviyo, startFakeKlaviyo } from "../test/support/klaviyo/fake-klaviyo.ts";
import { FROM_SOURCE } from "../test/support/server-process.ts";
import { benchFolder } from "./bench-folder.ts";
import type { Bench, Figure } from "./figure.ts";
import { runLoad } from "./load/run-load.ts";
import { median, ratio } from "./measure.ts";
import { type PasshookServer, startPasshook } from "./servers/start-passhook.ts";
import { personOf, prepareShop } from "./shop.ts";

const CONNECTIONS = 64;
const ROUNDS = 5;
const BACKLOG = 10_000;
const WEBHOOKS = 4_000;
const SINGLE = 150;
const SINGLE_EVERY_MS = 200;

/** How soon Klaviyo knows of a webhook, and whether telling it of a backlog slows down the intake. */
export const writeBacksBench: Bench = {
  name: "write-backs",
  title: `a server connected to a fake of Klaviyo with its limits; a backlog of ${BACKLOG.toLocaleString("en")} and more, ${CONNECTIONS} connections`,
  async run(): Promise<Figure[]> {
    using folder = benchFolder();
    await using klaviyo = await startFakeKlaviyo({ keptRequests: 0, keepAlive: true, enforceRateLimits: true });
    const shop = await prepareShop(join(folder.path, "data"), klaviyo);
    await using passhook = await startPasshook(shop);

    const waits: number[] = [];
    for (let n = 1; n <= SINGLE; n++) {
      waits.push(await waitOf(passhook, klaviyo, n));
      await Bun.sleep(SINGLE_EVERY_MS);
    }
    waits.sort((a, b) => a - b);

    let customers = SINGLE + 1;
    const load = async (count: number) => {
      const requests = Array.from({ length: count }, () => passhook.webhook(customers++));
      return (await runLoad({ port: passhook.port, connections: CONNECTIONS, requests, status: 200 })).perSecond;
    };
    const stop = async () => {
      klaviyo.revokeKey();
      // Finds out that the key is refused: what follows waits.
      await load(100);
    };
    const goOn = async () => {
      klaviyo.acceptKey(klaviyo.apiKey);
      const words = ["klaviyo", "connect", "--key-file", join(folder.path, "key")];
      const child = Bun.spawn([...FROM_SOURCE, ...words, "--data", shop.dataDir, "--klaviyo-url", klaviyo.url], {
        stdout: "ignore",
        stderr: "inherit",
      });
      if ((await child.exited) !== 0) throw new Error("The account could not be connected.");
      const told = klaviyo.events.length;
      while (klaviyo.events.length === told) await Bun.sleep(10);
    };
    await Bun.write(join(folder.path, "key"), klaviyo.apiKey);
    await stop();
    await load(BACKLOG);
    const [quiet, meanwhile, told]: [number[], number[], number[]] = [[], [], []];
    for (let round = 0; round < ROUNDS; round++) {
      quiet.push(await load(WEBHOOKS));
      await goOn();
      const before = klaviyo.events.length;
      meanwhile.push(await load(WEBHOOKS));
      told.push(klaviyo.events.length - before);
      await stop();
    }
    return [
      { name: "until Klaviyo has the event of a webhook, median", unit: "ms", rounds: [median(waits)] },
      {
        name: "until Klaviyo has the event of a webhook, 99 of 100",
        unit: "ms",
        rounds: [waits[Math.floor(waits.length * 0.99)] ?? Number.NaN],
        expected: { most: 2_000 },
      },
      { name: "webhooks while nothing is told", unit: "webhooks/s", rounds: quiet },
      { name: "webhooks while a backlog is told", unit: "webhooks/s", rounds: meanwhile },
      { name: "ratio", unit: "×", rounds: ratio(meanwhile, quiet), expected: { least: 0.9 } },
      { name: "events that Klaviyo took during that", unit: "", rounds: told },
    ];
  },
};

/** How long after the answer to its webhook Klaviyo has a pass's event, in milliseconds. */
async function waitOf(passhook: PasshookServer, klaviyo: FakeKlaviyo, n: number): Promise<number> {
  const { serialNumber } = await passhook.issue(n);
  const answeredAt = performance.now();
  const { email } = personOf(n);
  for (;;) {
    const profile = klaviyo.findProfile({ email });
    const has =
      profile && klaviyo.eventsOfProfile(profile.id).some(({ unique_id }) => unique_id.startsWith(serialNumber));
    if (has) return performance.now() - answeredAt;
    await Bun.sleep(2);
  }
}
