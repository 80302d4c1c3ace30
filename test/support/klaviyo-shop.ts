import type { Log } from "../../src/log.ts";
import type { JobRow } from "../../src/outbox/outbox-store.ts";
import { startTestApp, type TestApp } from "./app.ts";
import { createFakeClock, type FakeClock } from "./clock.ts";
import { type FakeKlaviyo, type FakeKlaviyoOptions, startFakeKlaviyo } from "./klaviyo/fake-klaviyo.ts";
import { type Story, storiesHere, storiesInKlaviyo } from "./klaviyo-truth.ts";
import { temporaryFolder } from "./temporary-folder.ts";
import { type Bustle, duringTime, runTime, watchBustle } from "./virtual-time.ts";

/** A shop that tells Klaviyo of profiles, events and records, in simulated time; it can be killed and opened again. */
export interface KlaviyoShop extends AsyncDisposable {
  readonly klaviyo: FakeKlaviyo;
  readonly clock: FakeClock;
  /** A points card. */
  readonly template: string;
  /** The program as it was opened last. */
  readonly current: TestApp;
  /** Answers the serial number, as soon as the webhook was answered: nothing has been sent by then. */
  issue(
    recipient: Readonly<Record<string, string>>,
    template?: string,
    fields?: Readonly<Record<string, string>>,
  ): Promise<string>;
  /** Gives a pass other points. */
  change(serial: string): Promise<void>;
  /** Passes of that many people, who have an email address each. */
  issueMany(count: number): Promise<string[]>;
  work(): void;
  /** Lets time go on, in steps after each of which everything is done that it set off. */
  pass(ms: number, stepMs?: number): Promise<void>;
  /** The same until something is the case; answers how long it took. Throws when it takes longer than `patienceMs`. */
  until(what: string, isSo: () => boolean | Promise<boolean>, patienceMs: number, stepMs?: number): Promise<number>;
  /** What follows from a request to the program that waits for Klaviyo. */
  during<T>(work: () => Promise<T>): Promise<T>;
  /** What Klaviyo is still to be told, or could not be: of one pass or of all. */
  jobs(serial?: string): Promise<JobRow[]>;
  /** What is true, and what Klaviyo has, by serial number: all passes unless some are given. */
  here(serials?: readonly string[]): Record<string, Story>;
  there(serials?: readonly string[]): Record<string, Story>;
  /** As if the power were cut: nothing is put back, leases end by themselves. */
  kill(): Promise<void>;
  /** Stops as a service does, with that long (8 s) for what is under way, and starts again. */
  restart(graceMs?: number): Promise<void>;
}

export interface KlaviyoShopOptions extends FakeKlaviyoOptions {
  /** Of Klaviyo's limits; one that makes a few passes a backlog brings the bulk operations into play. */
  readonly sharePercent?: number;
  readonly log?: Log;
}

/** Webhooks that come together; far more would be told to come again. */
const AT_ONCE = 50;

/** Lets time go on until `work` is done, without waiting for what is under way: that may be silent. */
async function inHaste(clock: FakeClock, work: () => Promise<void>): Promise<void> {
  let isDone = false;
  // A killed program cannot store what it would like to.
  const end = work()
    .catch(() => {})
    .finally(() => {
      isDone = true;
    });
  while (!isDone) {
    await new Promise<void>((resolve) => setImmediate(resolve));
    clock.advance(1);
  }
  await end;
}

/** Issued passes are not told before `work()`. */
export async function startKlaviyoShop(options: KlaviyoShopOptions = {}): Promise<KlaviyoShop> {
  const { sharePercent, log, ...fakeOptions } = options;
  const folder = temporaryFolder();
  const clock = createFakeClock();
  const klaviyo = await startFakeKlaviyo({ now: clock.now, enforceRateLimits: true, ...fakeOptions });
  const open = () =>
    startTestApp({ klaviyo, isConnected: true, clock, dataDir: folder.path, ...(log === undefined ? {} : { log }) });
  let current = await open();
  let bustle: Bustle = watchBustle(current.app);
  const { accountId } = current;
  await current.app.connections.connect(accountId, klaviyo.apiKey, sharePercent);
  await duringTime(clock, bustle, () => current.app.klaviyo.setup.run(accountId, () => {}));
  const template = await current.pushGallery("points-card");
  const serials: string[] = [];
  let changes = 0;

  async function reopen(): Promise<void> {
    bustle[Symbol.dispose]();
    current = await open();
    bustle = watchBustle(current.app);
    current.app.worker.start();
    await bustle.quiet();
  }

  const here: KlaviyoShop = {
    klaviyo,
    clock,
    template,
    get current() {
      return current;
    },
    async issue(recipient, passTemplate = template, pass = {}) {
      const { serialNumber } = await current.issue({ passTemplate, pass, recipient });
      if (!serials.includes(serialNumber)) serials.push(serialNumber);
      return serialNumber;
    },
    async change(serial) {
      const given = new Map([["points-balance", { kind: "text", text: String(++changes) } as const]]);
      await current.app.updater.update({ accountId, serial }, { given, mode: "merge" });
    },
    async issueMany(count) {
      const from = serials.length;
      for (let at = from; at < from + count; at += AT_ONCE) {
        const people = Array.from({ length: Math.min(AT_ONCE, from + count - at) }, (_, i) => at + i);
        await Promise.all(people.map((person) => here.issue({ email: `person-${person}@example.com` })));
      }
      return serials.slice(from);
    },
    work: () => current.app.worker.start(),
    pass(ms, stepMs) {
      const end = clock.now() + ms;
      return runTime(clock, bustle, () => clock.now() >= end, stepMs);
    },
    async until(what, isSo, patienceMs, stepMs = 100) {
      const from = clock.now();
      await bustle.quiet();
      while (!(await isSo())) {
        if (clock.now() - from > patienceMs) throw new Error(`It did not happen within ${patienceMs} ms: ${what}.`);
        await here.pass(stepMs, stepMs);
      }
      return clock.now() - from;
    },
    during: (work) => duringTime(clock, bustle, work),
    async jobs(serial) {
      const all = await current.app.outbox.list({ accountId }, { limit: 10_000 });
      return all.items.filter(
        ({ channel, kind, orderingKey }) =>
          channel === "klaviyo" && kind !== "klaviyo.ingestion" && (serial === undefined || orderingKey === serial),
      );
    },
    here: (some = serials) => {
      const all = storiesHere(folder.path);
      return Object.fromEntries(some.flatMap((serial) => (all[serial] ? [[serial, all[serial]]] : [])));
    },
    there: (some = serials) => storiesInKlaviyo(klaviyo, some),
    async kill() {
      current.app.db[Symbol.dispose]();
      await inHaste(clock, () => current.app.worker.drain(0));
      await reopen();
    },
    async restart(graceMs = 8_000) {
      const stop = async () => {
        await current.app.worker.drain(graceMs);
        await current[Symbol.asyncDispose]();
      };
      await (graceMs === 0 ? inHaste(clock, stop) : duringTime(clock, bustle, stop));
      await reopen();
    },
    async [Symbol.asyncDispose]() {
      await duringTime(clock, bustle, async () => current[Symbol.asyncDispose]());
      bustle[Symbol.dispose]();
      await klaviyo[Symbol.asyncDispose]();
      folder[Symbol.dispose]();
    },
  };
  return here;
}
