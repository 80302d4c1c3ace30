import type { FakeClock } from "../clock.ts";
import { type FlowContext, renderFlowTemplate } from "./flow-template.ts";

/** Klaviyo retries these alone; every other status puts the profile into the flow's "Skipped" queue. */
const RETRIED = [429, 500, 502, 503];
const MAX_RETRIES = 17;
/** Klaviyo publishes "17 retries in 24 h, exponential" and no intervals: these are 1 s to 8 h, 17 h together. */
const retryDelayMs = (retry: number) => Math.round(1_000 * 1.9 ** retry);

export type DeliveryOutcome =
  | { readonly type: "sent"; readonly status: number }
  | { readonly type: "waiting"; readonly status: number; readonly retryAt: number }
  | { readonly type: "failed"; readonly status: number }
  /** "no answer": the connection failed, which Klaviyo may drop for good. */
  | { readonly type: "skipped"; readonly status: number | "no answer" };

export interface Delivery {
  readonly body: string;
  /** As it is now; undefined while the first attempt is under way. */
  readonly outcome: DeliveryOutcome | undefined;
  readonly attempts: readonly { readonly at: number; readonly status: number | "no answer" }[];
}

export interface WebhookSenderOptions {
  /** Takes the place of the network, for example the application's own handler. */
  readonly target: (url: string, init: RequestInit) => Promise<Response>;
  /** A path, or an https address. */
  readonly url: string;
  readonly clock: FakeClock;
  /** What the flow's author typed as the body. */
  readonly template: string;
  readonly flowId?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly escapesHtml?: boolean;
}

/** A webhook action of a flow. Each method resolves once the first attempt is over. */
export interface WebhookSender {
  readonly deliveries: readonly Delivery[];
  /** A profile comes to the action. Entering again is a genuine re-entry, even when the body is the same. */
  enter(context: FlowContext): Promise<Delivery>;
  /** Sends a body as it is. */
  post(body: string): Promise<Delivery>;
  /** The same bytes once more, as when the answer was lost. */
  repeat(delivery: Delivery): Promise<Delivery>;
  /** Resolves once no attempt is under way; for tests that move the clock themselves. */
  idle(): Promise<void>;
  /** Moves the clock until nothing waits for a retry. */
  settle(): Promise<void>;
}

/** Klaviyo's side of a flow webhook: no signature, no delivery id, any 2xx is success, the answer's content is ignored. */
export function createWebhookSender(options: WebhookSenderOptions): WebhookSender {
  const { target, url, clock, template, flowId = "YdH8Xq", headers = {}, escapesHtml = false } = options;
  if (/^http:/i.test(url)) throw new Error(`Klaviyo posts to https addresses only: ${url}`);
  const deliveries: MutableDelivery[] = [];
  const underWay = new Set<Promise<void>>();

  async function statusOf(body: string): Promise<number | "no answer"> {
    try {
      const response = await target(url, {
        method: "POST",
        headers: { "content-type": "application/json", ...headers, "X-Klaviyo-Flow-ID": flowId },
        body,
        // Klaviyo follows no redirect: a 3xx is a status like any other.
        redirect: "manual",
      });
      await response.body?.cancel();
      return response.status;
    } catch {
      return "no answer";
    }
  }

  async function attempt(delivery: MutableDelivery): Promise<void> {
    const status = await statusOf(delivery.body);
    delivery.attempts.push({ at: clock.now(), status });
    delivery.outcome = outcomeOf(status, delivery.attempts.length - 1, clock.now());
    if (delivery.outcome.type === "waiting") {
      clock.after(delivery.outcome.retryAt - clock.now(), () => void start(delivery));
    }
  }

  async function start(delivery: MutableDelivery): Promise<Delivery> {
    const running = attempt(delivery);
    underWay.add(running);
    await running;
    underWay.delete(running);
    return delivery;
  }

  async function idle(): Promise<void> {
    while (underWay.size > 0) await Promise.all(underWay);
  }

  function post(body: string): Promise<Delivery> {
    const delivery: MutableDelivery = { body, outcome: undefined, attempts: [] };
    deliveries.push(delivery);
    return start(delivery);
  }

  return {
    deliveries,
    enter: async (context) => post(renderFlowTemplate(template, context, escapesHtml)),
    post,
    repeat: ({ body }) => post(body),
    idle,
    async settle() {
      for (;;) {
        await idle();
        const times = deliveries.flatMap(({ outcome }) => (outcome?.type === "waiting" ? [outcome.retryAt] : []));
        if (times.length === 0) return;
        clock.advance(Math.max(0, Math.min(...times) - clock.now()));
      }
    },
  };
}

interface MutableDelivery extends Delivery {
  outcome: DeliveryOutcome | undefined;
  readonly attempts: { readonly at: number; readonly status: number | "no answer" }[];
}

function outcomeOf(status: number | "no answer", retries: number, now: number): DeliveryOutcome {
  if (status === "no answer") return { type: "skipped", status };
  if (status >= 200 && status < 300) return { type: "sent", status };
  if (!RETRIED.includes(status)) return { type: "skipped", status };
  if (retries >= MAX_RETRIES) return { type: "failed", status };
  return { type: "waiting", status, retryAt: now + retryDelayMs(retries) };
}
