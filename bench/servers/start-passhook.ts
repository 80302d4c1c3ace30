import type { PassObject } from "../../src/api/pass-object.ts";
import { freePort, startServerProcess } from "../../test/support/server-process.ts";
import type { PlannedRequest } from "../load/plan.ts";
import { cardOf, personOf, prepareShop, type Shop } from "../shop.ts";

/** The real program in a process of its own. */
export interface PasshookServer extends AsyncDisposable {
  readonly port: number;
  readonly pid: number;
  readonly url: string;
  readonly shop: Shop;
  /** The shop's key, and the flow that a webhook comes from. */
  readonly headers: Readonly<Record<string, string>>;
  /** A call with the shop's key. */
  call(method: PlannedRequest["method"], path: string, body?: object): PlannedRequest;
  /** What a Klaviyo flow sends for the nth customer. */
  webhook(n: number): PlannedRequest;
  /** Sends one webhook and answers the pass. */
  issue(n: number): Promise<PassObject>;
  /** How many jobs are to be done. */
  pending(): Promise<number>;
  /** Waits until every write-back is done; answers how long that took, in milliseconds. */
  drained(): Promise<number>;
}

const POLL_MS = 50;

/** Starts the server of a shop, which is a new one with a sandbox in the place of Klaviyo where only a folder is given. */
export async function startPasshook(given: Shop | string): Promise<PasshookServer> {
  const shop = typeof given === "string" ? await prepareShop(given) : given;
  const port = await freePort();
  const env = shop.klaviyoUrl === undefined ? {} : { PASSHOOK_KLAVIYO_URL: shop.klaviyoUrl };
  const server = await startServerProcess({ dataDir: shop.dataDir, port, env });
  const headers = {
    "content-type": "application/json",
    "x-api-key": shop.apiKey,
    "x-account-id": shop.accountId,
    "x-klaviyo-flow-id": "Xk9QzT",
  };
  const call: PasshookServer["call"] = (method, path, body) => ({
    ...{ method, path, headers },
    ...(body ? { body: JSON.stringify(body) } : {}),
  });
  const webhook = (n: number): PlannedRequest =>
    call("POST", "/v1/passes", {
      passTemplate: shop.template,
      pass: cardOf(n),
      recipient: { ...personOf(n), externalId: "", klaviyoId: "" },
    });
  return {
    port,
    pid: server.pid,
    url: server.url,
    shop,
    headers,
    call,
    webhook,
    async issue(n) {
      const { path, body = "" } = webhook(n);
      const answer = await fetch(server.url + path, { method: "POST", headers, body });
      if (!answer.ok) throw new Error(`${answer.status} ${await answer.text()}`);
      return (await answer.json()) as PassObject;
    },
    pending: () => pendingJobs(server.url),
    async drained() {
      const startedAt = performance.now();
      while ((await pendingJobs(server.url)) > 0) await Bun.sleep(POLL_MS);
      return performance.now() - startedAt;
    },
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
}

/** From the readiness report, as a monitoring tool sees it; the report is renewed once a second. */
async function pendingJobs(url: string): Promise<number> {
  const report = await (await fetch(`${url}/readyz`)).text();
  const pending = /(\d+) pending/.exec(report)?.[1];
  if (pending === undefined) throw new Error(`Not ready: ${report}`);
  return Number(pending);
}
