import { join } from "node:path";
import { type FakeKlaviyo, startFakeKlaviyo } from "../test/support/klaviyo/fake-klaviyo.ts";
import { FROM_SOURCE } from "../test/support/server-process.ts";
import { benchFolder } from "./bench-folder.ts";
import type { Bench, Figure } from "./figure.ts";
import { runLoad } from "./load/run-load.ts";
import { median, ratio } from "./measure.ts";
import { type PasshookServer, startPasshook } from "./servers/start-passhook.ts";

const CONNECTIONS = 64;
const ROUNDS = 3;
const BACKLOG = 10_000;
const MEANWHILE = 2_000;
const SINGLE = 150;
const SINGLE_EVERY_MS = 100;

/** How soon Klaviyo knows of a webhook, and whether telling it of a backlog slows down the intake. */
export const writeBacksBench: Bench = {
  name: "write-backs",
  title: `a server connected to a fake of Klaviyo in another process, ${CONNECTIONS} connections`,
  async run(): Promise<Figure[]> {
    using folder = benchFolder();
    await using klaviyo = await startFakeKlaviyo({ keptRequests: 0, keepAlive: true });
    const dataDir = join(folder.path, "data");
    await using passhook = await startPasshook(dataDir, { PASSHOOK_KLAVIYO_URL: klaviyo.url });
    const keyFile = join(folder.path, "key");
    await Bun.write(keyFile, klaviyo.apiKey);
    const connect = async () => {
      const words = ["klaviyo", "connect", "--key-file", keyFile, "--data", dataDir, "--klaviyo-url", klaviyo.url];
      const status = await Bun.spawn([...FROM_SOURCE, ...words], { stdout: "ignore", stderr: "inherit" }).exited;
      if (status !== 0) throw new Error("The account could not be connected.");
    };
    await connect();

    const waits: number[] = [];
    for (let n = 0; n < SINGLE; n++) {
      waits.push(await waitOf(passhook, klaviyo, n));
      await Bun.sleep(SINGLE_EVERY_MS);
    }
    waits.sort((a, b) => a - b);

    let customers = SINGLE;
    const some = (count: number) => Array.from({ length: count }, () => passhook.webhook(customers++));
    const load = async (count: number) => {
      const requests = some(count);
      return (await runLoad({ port: passhook.port, connections: CONNECTIONS, requests, status: 200 })).perSecond;
    };
    const [quiet, meanwhile, left]: [number[], number[], number[]] = [[], [], []];
    for (let round = 0; round < ROUNDS; round++) {
      klaviyo.revokeKey();
      await load(100); // Finds out that the key is refused: what follows waits.
      quiet.push(await load(BACKLOG));
      klaviyo.acceptKey(klaviyo.apiKey);
      await connect();
      meanwhile.push(await load(MEANWHILE));
      left.push(await passhook.pending());
      await passhook.drained();
    }
    return [
      { name: "until Klaviyo has the event of a webhook, median", unit: "ms", rounds: [median(waits)] },
      { name: "99 of 100", unit: "ms", rounds: [waits[Math.floor(waits.length * 0.99)] ?? Number.NaN] },
      { name: "webhooks while nothing is told", unit: "webhooks/s", rounds: quiet },
      { name: "webhooks while a backlog is told", unit: "webhooks/s", rounds: meanwhile },
      { name: "ratio", unit: "×", rounds: ratio(meanwhile, quiet), expected: 0.9 },
      { name: "write-backs left after that", unit: "", rounds: left },
    ];
  },
};

async function waitOf(passhook: PasshookServer, klaviyo: FakeKlaviyo, n: number): Promise<number> {
  const { serialNumber } = await passhook.issue(n);
  const answeredAt = performance.now();
  const email = `sarah.miller.${n}@example.com`;
  for (;;) {
    const profile = klaviyo.findProfile({ email });
    const has =
      profile && klaviyo.eventsOfProfile(profile.id).some(({ unique_id }) => unique_id.startsWith(serialNumber));
    if (has) return performance.now() - answeredAt;
    await Bun.sleep(2);
  }
}
