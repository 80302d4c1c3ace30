/** A path selects itself and everything below it; an absent field selects all. */
export interface RequestMatch {
  readonly path?: string;
  readonly method?: string;
}

export interface RecordedRequest {
  readonly method: string;
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** Parsed JSON, the text when it is not JSON, null when it is empty. */
  readonly body: unknown;
  readonly status: number | "reset" | "hang";
  /** When it was answered, on the fake's clock. */
  readonly at: number;
}

export function matchesRequest(
  match: RequestMatch,
  request: { readonly method: string; readonly path: string },
): boolean {
  if (match.method !== undefined && match.method !== request.method) return false;
  if (match.path === undefined) return true;
  const prefix = match.path.replace(/\/+$/, "");
  return request.path === prefix || request.path.startsWith(`${prefix}/`);
}

interface Waiter {
  readonly isDone: () => RecordedRequest | undefined;
  readonly resolve: (request: RecordedRequest) => void;
  readonly reject: (error: Error) => void;
}

/** The requests in the order they were answered, and the promises of those that wait for one. */
export class RequestLog {
  readonly all: RecordedRequest[] = [];
  #waiters: Waiter[] = [];

  add(request: RecordedRequest): void {
    this.all.push(request);
  }

  /** Called once the answer is on its way. */
  wake(): void {
    this.#waiters = this.#waiters.filter((waiter) => {
      const request = waiter.isDone();
      if (request === undefined) return true;
      waiter.resolve(request);
      return false;
    });
  }

  /** The first matching request after this call. */
  next(match: RequestMatch): Promise<RecordedRequest> {
    const from = this.all.length;
    return this.#wait(() => this.all.find((request, index) => index >= from && matchesRequest(match, request)));
  }

  /** The matching requests so far, as soon as there are `count` of them. */
  async atLeast(count: number, match: RequestMatch): Promise<readonly RecordedRequest[]> {
    const matching = () => this.all.filter((request) => matchesRequest(match, request));
    if (matching().length < count) await this.#wait(() => matching()[count - 1]);
    return matching();
  }

  close(): void {
    for (const waiter of this.#waiters) waiter.reject(new Error("The fake was stopped before the request arrived."));
    this.#waiters = [];
  }

  #wait(isDone: () => RecordedRequest | undefined): Promise<RecordedRequest> {
    const { promise, resolve, reject } = Promise.withResolvers<RecordedRequest>();
    // A waiter that nobody awaits any more must not fail the test that stops the fake.
    promise.catch(() => {});
    this.#waiters.push({ isDone, resolve, reject });
    return promise;
  }
}
