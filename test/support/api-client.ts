import type { TestApp } from "./app.ts";

export interface CallInit {
  readonly body?: NonNullable<RequestInit["body"]>;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Calls to the API with the shop's key. */
export function apiOf({ request, apiKey, accountId }: Pick<TestApp, "request" | "apiKey" | "accountId">) {
  const auth = { "x-api-key": apiKey, "x-account-id": accountId };
  const call = (method: string, path: string, init: CallInit = {}): Promise<Response> =>
    request(`/v1${path}`, { method, ...init, headers: { ...auth, ...init.headers } });
  return {
    auth,
    call,
    /** The JSON of an answer, with its status. */
    async json<T>(method: string, path: string, init?: CallInit): Promise<{ status: number; body: T }> {
      const answer = await call(method, path, init);
      return { status: answer.status, body: (await answer.json()) as T };
    },
  };
}
