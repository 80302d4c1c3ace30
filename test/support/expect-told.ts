import { expect } from "bun:test";
import type { KlaviyoShop } from "./klaviyo-shop.ts";

const STEP_MS = 500;
/** Klaviyo judges records after ten seconds. */
const JUDGED_MS = 11_000;

/** Within that time nothing is left to be told, and Klaviyo has what is true: of all passes unless some are given. */
export async function expectTold(here: KlaviyoShop, patienceMs: number, serials?: readonly string[]): Promise<void> {
  const isTold = async () =>
    (await here.jobs()).every(({ orderingKey }) => serials !== undefined && !serials.includes(orderingKey));
  await here.until("everything is told", isTold, patienceMs, STEP_MS);
  await here.pass(JUDGED_MS, JUDGED_MS / 10);
  expect(here.there(serials)).toEqual(here.here(serials));
}
