import { apiOf } from "./api-client.ts";
import type { TestApp } from "./app.ts";

export interface Job {
  readonly id: string;
  readonly state: string;
  readonly total: number;
  readonly done: number;
  readonly failed: number;
  readonly cancelled: number;
  readonly unusedColumns: readonly string[];
  readonly error: string | null;
}

export interface Result {
  readonly line: number;
  readonly state: string;
  readonly outcome?: string;
  readonly serialNumber?: string;
  readonly url?: string;
  readonly error?: string;
  readonly code?: string;
  readonly details?: readonly { readonly path: string; readonly message: string }[];
}

interface Refusal {
  readonly error: string;
  readonly details?: readonly { readonly path: string; readonly message: string }[];
}

/** Files of passes, as a client sends them. */
export function bulkOf(shop: TestApp) {
  const api = apiOf(shop);
  const send = (
    query: string,
    contentType: string,
    body: NonNullable<RequestInit["body"]>,
    headers: Record<string, string> = {},
  ) =>
    api.json<Job & Refusal>("POST", `/passes/bulk?${query}`, {
      body,
      headers: { "content-type": contentType, ...headers },
    });
  const results = async (id: string): Promise<Result[]> => {
    const text = await (await api.call("GET", `/jobs/${id}/results`)).text();
    return text
      .split("\n")
      .filter((line) => line !== "")
      .map((line) => JSON.parse(line));
  };
  return {
    ...api,
    send,
    results,
    job: async (id: string) => (await api.json<Job>("GET", `/jobs/${id}`)).body,

    /** Sends a CSV file, waits until it is done, and answers what became of it. */
    async run(query: string, csv: string): Promise<{ job: Job; results: Result[] }> {
      const { status, body } = await send(query, "text/csv", csv);
      if (status !== 200) throw new Error(`${status} ${JSON.stringify(body)}`);
      shop.app.data.bulk.worker.start();
      await shop.app.data.bulk.worker.idle();
      return { job: (await api.json<Job>("GET", `/jobs/${body.id}`)).body, results: await results(body.id) };
    },
  };
}
