import type { TestApp } from "./app.ts";

export interface ApiAnswer<T> {
  readonly status: number;
  readonly headers: Headers;
  readonly body: T;
}

export interface CallOptions {
  /** Sent as it is when it is text. */
  readonly body?: unknown;
  /** Another key than the shop's, or other headers; undefined takes one away. */
  readonly headers?: Readonly<Record<string, string | undefined>>;
}

/** A call of the shop's API with its key; every answer must be JSON. */
export async function callApi<T = Record<string, unknown>>(
  shop: TestApp,
  method: string,
  path: string,
  { body, headers = {} }: CallOptions = {},
): Promise<ApiAnswer<T>> {
  const all = { "x-api-key": shop.apiKey, "x-account-id": shop.accountId, ...headers };
  const given = Object.entries(all).filter((entry): entry is [string, string] => entry[1] !== undefined);
  const response = await shop.request(path, {
    method,
    headers: given,
    ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
  });
  return { status: response.status, headers: response.headers, body: (await response.json()) as T };
}
