import { afterAll, beforeAll, expect, test } from "bun:test";
import { type KlaviyoShop, startKlaviyoShop } from "./support/klaviyo-shop.ts";
import { putRight, RECORD, TOLD, TROUBLES } from "./support/klaviyo-troubles.ts";

/*
 * The program is killed while Klaviyo gives its answer, whatever it is: nothing is lost, and no event counts twice.
 * Whether the program had stored what it made of the answer is left open.
 */

const SECOND = 1_000;
const MINUTE = 60 * SECOND;

let here: KlaviyoShop;
beforeAll(async () => {
  here = await startKlaviyoShop();
  here.work();
});
afterAll(() => here[Symbol.asyncDispose]());

let people = 0;
const CASES = [
  ...TROUBLES,
  { name: "silence", fault: { kind: "hang" } } as const,
  { name: "no fault", fault: undefined },
];

test.each(CASES.flatMap(({ name, fault }) => TOLD.map((told) => [name, told.what, fault, told.path] as const)))(
  "%s to the %s",
  async (name, _, fault, path) => {
    if (fault !== undefined) here.klaviyo.failNext(fault, { path });
    const answered = here.klaviyo.nextRequest({ path });
    const serial = await here.issue({ email: `person-${++people}@example.com` });
    await answered;
    await here.kill();
    // As long as the killed program holds its jobs.
    await here.pass(30 * SECOND, SECOND);
    await putRight(here);
    const { app, accountId } = here.current;
    if (name === "404" && path === RECORD) await here.during(() => app.klaviyo.setup.run(accountId, () => {}));
    await here.until("everything is told", async () => (await here.jobs(serial)).length === 0, 2 * MINUTE, SECOND);
    // Klaviyo judges records after ten seconds.
    await here.pass(11 * SECOND, SECOND);
    expect(here.there([serial])).toEqual(here.here([serial]));
  },
);
