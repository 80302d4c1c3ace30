import type { PassObject } from "../../src/api/pass-object.ts";
import { freePort, startServerProcess } from "../../test/support/server-process.ts";
import type { PlannedRequest } from "../load/plan.ts";

/** The real program on a new database, in a process of its own, with its sandbox in the place of Klaviyo. */
export interface PasshookServer extends AsyncDisposable {
  readonly port: number;
  readonly url: string;
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

export async function startPasshook(
  dataDir: string,
  env: Readonly<Record<string, string>> = {},
): Promise<PasshookServer> {
  const port = await freePort();
  const server = await startServerProcess({ dataDir, port, env });
  const shown = (name: string): string =>
    new RegExp(`^${name} +(\\S+)$`, "m").exec(server.startBlock)?.[1] ?? server.startBlock;
  const headers = {
    "content-type": "application/json",
    "x-api-key": shown("X-API-KEY"),
    "x-account-id": shown("X-ACCOUNT-ID"),
    "x-klaviyo-flow-id": "Xk9QzT",
  };
  const template = shown("template");

  const webhook = (n: number): PlannedRequest => {
    const [name, email] = [`Sarah Miller ${n}`, `sarah.miller.${n}@example.com`];
    const body = {
      passTemplate: template,
      pass: { "member-name": name, "points-balance": `${n % 1000}.0`, "member-level": "Regular" },
      recipient: { email, name, externalId: "", klaviyoId: "" },
    };
    return { method: "POST", path: "/v1/passes", headers, body: JSON.stringify(body) };
  };
  return {
    port,
    url: server.url,
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
