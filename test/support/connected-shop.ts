import type { PassObject } from "../../src/api/pass-object.ts";
import type { JobRow } from "../../src/outbox/outbox-store.ts";
import { startTestApp, type TestApp } from "./app.ts";
import { createFakeClock } from "./clock.ts";
import { type FakeKlaviyo, type RecordedRequest, startFakeKlaviyo } from "./klaviyo/fake-klaviyo.ts";

/** A shop that is connected to a fake Klaviyo on the same clock, and at work. */
export interface ConnectedShop extends AsyncDisposable {
  readonly shop: TestApp;
  readonly klaviyo: FakeKlaviyo;
  readonly template: string;
  /** A pass; what follows from it is done when this resolves, as far as it can be done now. */
  issue(recipient: Readonly<Record<string, string>>, points?: string): Promise<PassObject>;
  /** Moves time on, and does what has come due. */
  advance(ms: number): Promise<void>;
  /** What is still to be done, of one pass or of all. */
  jobs(pass?: PassObject): Promise<JobRow[]>;
  /** What Klaviyo was sent, without the check of the key. */
  writes(): readonly RecordedRequest[];
}

export const PROFILE = "/api/profile-import";
export const EVENT = "/api/events";

export async function startConnectedShop(options: { working?: boolean } = {}): Promise<ConnectedShop> {
  const clock = createFakeClock();
  const klaviyo = await startFakeKlaviyo({ now: clock.now });
  const shop = await startTestApp({ klaviyo, clock });
  const template = await shop.pushGallery("points-card");
  if (options.working !== false) shop.app.worker.start();
  return {
    shop,
    klaviyo,
    template,
    async issue(recipient, points = "70") {
      const pass = await shop.issue({ passTemplate: template, pass: { "points-balance": points }, recipient });
      await shop.app.worker.idle();
      return pass;
    },
    async advance(ms) {
      clock.advance(ms);
      await shop.app.worker.idle();
    },
    jobs: async (pass) =>
      pass
        ? shop.app.outbox.ofOrderingKey(pass.serialNumber)
        : [...(await shop.app.outbox.list({ accountId: shop.accountId }, { limit: 1_000 })).items],
    writes: () => klaviyo.requests.filter(({ path }) => path === PROFILE || path === EVENT),
    async [Symbol.asyncDispose]() {
      await shop[Symbol.asyncDispose]();
      await klaviyo[Symbol.asyncDispose]();
    },
  };
}
