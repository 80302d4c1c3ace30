import type { FakeKlaviyo } from "./fake-klaviyo.ts";

export interface TestAnswer {
  readonly status: number;
  readonly headers: Headers;
  /** Parsed JSON, undefined when empty. */
  readonly body: unknown;
}

export interface TestClient {
  call(path: string, init?: RequestInit): Promise<TestAnswer>;
  post(path: string, body: unknown): Promise<TestAnswer>;
  patch(path: string, body: unknown): Promise<TestAnswer>;
}

/** Just enough of a client to pin the fake itself; an empty header value leaves the header out. */
export function createTestClient(fake: FakeKlaviyo): TestClient {
  const call = async (path: string, init: RequestInit = {}): Promise<TestAnswer> => {
    const headers = new Headers({
      authorization: `Klaviyo-API-Key ${fake.apiKey}`,
      revision: "2026-07-15",
      "content-type": "application/vnd.api+json",
    });
    new Headers(init.headers).forEach((value, name) => {
      if (value === "") headers.delete(name);
      else headers.set(name, value);
    });
    const response = await fetch(fake.url + path, { ...init, headers });
    const text = await response.text();
    return { status: response.status, headers: response.headers, body: text === "" ? undefined : JSON.parse(text) };
  };
  return {
    call,
    post: (path, body) => call(path, { method: "POST", body: JSON.stringify(body) }),
    patch: (path, body) => call(path, { method: "PATCH", body: JSON.stringify(body) }),
  };
}
