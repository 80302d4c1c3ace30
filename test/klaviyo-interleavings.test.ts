import { expect, test } from "bun:test";
import fc from "fast-check";
import { startTestApp, type TestApp } from "./support/app.ts";
import { createFakeClock } from "./support/clock.ts";
import { type Fault, startFakeKlaviyo } from "./support/klaviyo/fake-klaviyo.ts";
import { storiesHere, storiesInKlaviyo } from "./support/klaviyo-truth.ts";
import { temporaryFolder } from "./support/temporary-folder.ts";
import { duringTime, runTime, watchBustle } from "./support/virtual-time.ts";

/*
 * Whatever happens to passes, to Klaviyo and to the program, in whatever order: in the end Klaviyo has what is true here,
 * and each event exactly once. A share of one percent makes a handful of passes a backlog, so that the bulk operations
 * take part.
 */

const PASS_TYPE = "pass.dev.passhook.demo";
const PEOPLE = 4;
const HOUR = 3_600_000;

type Step =
  | { readonly type: "issue"; readonly person: number; readonly template: number }
  | { readonly type: "update" | "install" | "uninstall" | "void" | "delete"; readonly pass: number }
  | { readonly type: "wait"; readonly ms: number }
  | { readonly type: "fault"; readonly fault: Fault }
  | { readonly type: "rush"; readonly people: number }
  | { readonly type: "merge"; readonly person: number }
  | { readonly type: "kill" | "restart" };

const FAULTS: readonly Fault[] = [
  { kind: "reset-before" },
  { kind: "reset-after" },
  { kind: "truncated" },
  { kind: "not-json" },
  { status: 429, retryAfterSeconds: 30 },
  { status: 500 },
  { status: 503 },
  { status: 524, isApplied: true },
];

const person = fc.nat({ max: PEOPLE - 1 });
const pass = fc.nat({ max: 50 });
const often = (weight: number, arbitrary: fc.Arbitrary<Step>) => ({ weight, arbitrary });
const kind = <K extends Step["type"]>(...kinds: readonly K[]) => fc.constantFrom(...kinds);

const steps = fc.array(
  fc.oneof(
    often(4, fc.record({ type: kind("issue"), person, template: fc.nat({ max: 1 }) })),
    often(8, fc.record({ type: kind("update", "install", "uninstall", "void", "delete"), pass })),
    often(4, fc.record({ type: kind("wait"), ms: fc.constantFrom(20, 200, 5_000, 90_000) })),
    often(4, fc.record({ type: kind("fault"), fault: fc.constantFrom(...FAULTS) })),
    often(1, fc.record({ type: kind("rush"), people: fc.integer({ min: 5, max: 15 }) })),
    often(1, fc.record({ type: kind("merge"), person })),
    often(1, fc.record({ type: kind("kill", "restart") })),
  ),
  { minLength: 5, maxLength: 30 },
);

test(
  "any interleaving of changes, faults and kills ends with Klaviyo knowing what is true, each event once",
  () => fc.assert(fc.asyncProperty(steps, play), { numRuns: Number(process.env["INTERLEAVINGS"] ?? 12) }),
  120_000,
);

async function play(story: readonly Step[]): Promise<void> {
  using folder = temporaryFolder();
  const clock = createFakeClock();
  await using klaviyo = await startFakeKlaviyo({ now: clock.now, enforceRateLimits: true });
  let shop = await startTestApp({ klaviyo, isConnected: true, clock, dataDir: folder.path });
  let bustle = watchBustle(shop.app);
  const { accountId } = shop;
  await shop.app.connections.connect(accountId, klaviyo.apiKey, 1);
  await duringTime(clock, bustle, () => shop.app.klaviyo.setup.run(accountId, () => {}));
  const templates = [await shop.pushGallery("points-card"), await shop.pushGallery("coupon")];
  const serials: string[] = [];
  let changes = 0;
  shop.app.worker.start();

  async function issue(email: string, template: number): Promise<void> {
    const fields = template === 0 ? { "points-balance": "1" } : { offer: "10 %", "coupon-code": "A" };
    const { serialNumber } = await shop.issue({
      passTemplate: templates[template],
      pass: fields,
      recipient: { email },
    });
    if (!serials.includes(serialNumber)) serials.push(serialNumber);
  }

  async function happen(step: Step): Promise<void> {
    const { app } = shop;
    const serial = "pass" in step ? serials[step.pass % Math.max(1, serials.length)] : undefined;
    switch (step.type) {
      case "issue":
        return issue(`person-${step.person}@example.com`, step.template);
      case "rush":
        for (let n = 0; n < step.people; n++) await issue(`rush-${serials.length}-${n}@example.com`, 0);
        return;
      case "update":
        if (serial === undefined) return;
        await update(shop, serial, ++changes);
        return;
      case "install":
      case "uninstall":
        if (serial !== undefined) await register(shop, serial, step.type === "install");
        return;
      case "void":
        if (serial !== undefined) await app.updater.setVoided({ accountId, serial }, true).catch(() => {});
        return;
      case "delete":
        if (serial !== undefined) await app.updater.remove({ accountId, serial });
        return;
      case "wait":
        return passTime(step.ms);
      case "fault":
        return klaviyo.failNext(step.fault);
      case "merge": {
        const known = klaviyo.findProfile({ email: `person-${step.person}@example.com` });
        if (known)
          klaviyo.mergeProfiles(known.id, klaviyo.addProfile({ phone_number: `+1500555${1_000 + ++changes}` }).id);
        return;
      }
      case "kill":
        // As if the power were cut: nothing is put back, leases end by themselves.
        app.db[Symbol.dispose]();
        return reopen();
      case "restart":
        await duringTime(clock, bustle, () => app[Symbol.asyncDispose]());
        return reopen();
      default:
        step satisfies never;
    }
  }

  async function reopen(): Promise<void> {
    await duringTime(clock, bustle, () => shop.app.worker.drain(0).catch(() => {}));
    bustle[Symbol.dispose]();
    shop = await startTestApp({ klaviyo, isConnected: true, clock, dataDir: folder.path });
    bustle = watchBustle(shop.app);
    shop.app.worker.start();
  }

  const passTime = (ms: number): Promise<void> => {
    const end = clock.now() + ms;
    return runTime(clock, bustle, () => clock.now() >= end, Math.max(20, ms / 50));
  };

  try {
    for (const step of story) {
      await happen(step);
      await bustle.quiet();
    }
    klaviyo.clearFaults();
    for (let hours = 0; hours < 48 && (await untold(shop)).length > 0; hours++) {
      const end = clock.now() + HOUR;
      await runTime(clock, bustle, () => clock.now() >= end, 5_000);
    }
    expect(await untold(shop)).toEqual([]);
  } finally {
    await duringTime(clock, bustle, async () => shop[Symbol.asyncDispose]());
    bustle[Symbol.dispose]();
  }
  expect(storiesInKlaviyo(klaviyo, serials)).toEqual(storiesHere(folder.path));
}

/** What Klaviyo is still to be told, or could not be. */
async function untold(shop: TestApp): Promise<readonly string[]> {
  const { items } = await shop.app.outbox.list({ accountId: shop.accountId }, { limit: 1_000 });
  return items.filter(({ channel }) => channel === "klaviyo").map(({ kind, state }) => `${kind} ${state}`);
}

/** A change of a deleted pass is refused; that is none. */
async function update(shop: TestApp, serial: string, n: number): Promise<void> {
  const reference = { accountId: shop.accountId, serial };
  const { template } = await shop.app.updater.find(reference);
  const field = "offer" in template.definition.fields ? "offer" : "points-balance";
  const given = new Map([[field, { kind: "text", text: String(n) } as const]]);
  await shop.app.updater.update(reference, { given, mode: "merge" }).catch(() => {});
}

async function register(shop: TestApp, serial: string, installs: boolean): Promise<void> {
  await shop.request(`/passkit/v1/devices/phone/registrations/${PASS_TYPE}/${serial}`, {
    method: installs ? "POST" : "DELETE",
    headers: {
      authorization: `ApplePass ${shop.app.vault.authenticationToken(serial)}`,
      "content-type": "application/json",
    },
    ...(installs ? { body: JSON.stringify({ pushToken: "ab".repeat(32) }) } : {}),
  });
}
