import { join } from "node:path";
import { createApp } from "../src/app.ts";
import { resolveConfig } from "../src/config.ts";
import { LIMITS, shareOf } from "../src/klaviyo/limits.ts";
import { readGalleryTemplate } from "../src/templates/folder.ts";
import { pointsCard } from "../src/templates/gallery/points-card.ts";
import { createFakeClock } from "../test/support/clock.ts";
import { type FakeKlaviyo, startFakeKlaviyo } from "../test/support/klaviyo/fake-klaviyo.ts";
import { duringTime, runTime, watchBustle } from "../test/support/virtual-time.ts";
import { benchFolder } from "./bench-folder.ts";
import type { Bench, Figure } from "./figure.ts";

const PASSES = Number(process.env["BENCH_BACKLOG"] ?? 100_000);
const SHARE_PERCENT = 70;
const AT_ONCE = 100;
/** A fresh change every so often. */
const FRESH_EVERY_MS = 20_000;

/** Klaviyo, enforcing its published limits, is told of passes that were issued while nothing could be sent. */
export const backlogBench: Bench = {
  name: "backlog",
  title: `${PASSES.toLocaleString("en")} issued passes told to Klaviyo: profile, event and record, at ${SHARE_PERCENT} % of its limits, in simulated time`,
  async run(): Promise<Figure[]> {
    using folder = benchFolder();
    const clock = createFakeClock();
    await using klaviyo = await startFakeKlaviyo({
      now: clock.now,
      enforceRateLimits: true,
      keptRequests: 0,
      keepAlive: true,
    });
    const { config, secrets } = resolveConfig({ data: join(folder.path, "data"), klaviyoUrl: klaviyo.url }, {});
    await using app = createApp({ config, secrets, clock, drainMs: 0 });
    using bustle = watchBustle(app);
    const account = await app.accounts.create("Bench");
    await app.klaviyo.connections.connect(account.id, klaviyo.apiKey, SHARE_PERCENT);
    await duringTime(clock, bustle, () => app.klaviyo.setup.run(account.id, () => {}));
    const { id } = await app.templates.push(account.id, await readGalleryTemplate(pointsCard));
    const template = await app.templates.current(account.id, id);
    const issue = async (email: string): Promise<string> => {
      const request = { given: new Map(), recipient: { email }, bodyHash: email };
      const { pass } = await app.issuer.issue({ accountId: account.id, template, ...request });
      return pass.serial;
    };
    for (let n = 0; n < PASSES; n += AT_ONCE) {
      await Promise.all(Array.from({ length: Math.min(AT_ONCE, PASSES - n) }, (_, i) => issue(`${n + i}@example.com`)));
    }

    const startedAt = clock.now();
    app.worker.start();
    const waits: number[] = [];
    let fresh = 0;
    const isDrained = () => klaviyo.objectRecords.size >= PASSES + fresh;
    while (!isDrained()) {
      const next = clock.now() + FRESH_EVERY_MS;
      await runTime(clock, bustle, () => clock.now() >= next || isDrained());
      if (isDrained()) break;
      const before = clock.now();
      const email = `fresh-${fresh++}@example.com`;
      const serial = await issue(email);
      await runTime(clock, bustle, () => eventArrived(klaviyo, email, serial));
      waits.push(clock.now() - before);
    }
    const tookMs = clock.now() - startedAt;
    return [
      { name: "time, of what the limits allow", unit: "×", rounds: [tookMs / allowedMs(PASSES)] },
      { name: "time", unit: "min", rounds: [tookMs / 60_000] },
      { name: "answers of 429", unit: "%", rounds: [100 * klaviyo.answers.share(429)] },
      { name: "requests", unit: "", rounds: [klaviyo.answers.count()] },
      { name: "a single fresh change meanwhile, longest", unit: "s", rounds: [Math.max(...waits) / 1_000] },
    ];
  },
};

/** Records are what Klaviyo takes least of: 500 in a bulk request, besides the single ones. */
function allowedMs(passes: number): number {
  const perMinute =
    500 * shareOf(LIMITS.recordBulk, SHARE_PERCENT).perMinute + shareOf(LIMITS.record, SHARE_PERCENT).perMinute;
  return (passes / perMinute) * 60_000;
}

function eventArrived(klaviyo: FakeKlaviyo, email: string, serial: string): boolean {
  const profile = klaviyo.findProfile({ email });
  return (
    profile !== undefined && klaviyo.eventsOfProfile(profile.id).some(({ unique_id }) => unique_id.startsWith(serial))
  );
}
