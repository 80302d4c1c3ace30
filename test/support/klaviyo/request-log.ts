import type { AnswerStatus } from "./answer-counts.ts";

/** A path selects itself and everything below it; an absent field selects all. */
export interface RequestMatch {
  readonly path?: string;
  readonly method?: string;
  /** An operationId. */
  readonly operation?: string;
}

export interface RequestFacts {
  readonly method: string;
  readonly path: string;
  /** The operationId, undefined for a path that the fake does not know. */
  readonly operation: string | undefined;
}

export interface RecordedRequest extends RequestFacts {
  readonly query: Readonly<Record<string, string>>;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** Parsed JSON, the text when it is not JSON, null when it is empty. */
  readonly body: unknown;
  readonly status: AnswerStatus;
  /** When it was answered, on the fake's clock. */
  readonly at: number;
}

export function matchesRequest(match: RequestMatch, request: RequestFacts): boolean {
  if (match.method !== undefined && match.method !== request.method) return false;
  if (match.operation !== undefined && match.operation !== request.operation) return false;
  if (match.path === undefined) return true;
  const prefix = match.path.replace(/\/+$/, "");
  return request.path === prefix || request.path.startsWith(`${prefix}/`);
}

interface Waiter {
  readonly match: RequestMatch;
  /** Matching requests that are still to come. */
  left: number;
  last: RecordedRequest | undefined;
  readonly resolve: (request: RecordedRequest) => void;
  readonly reject: (error: Error) => void;
}

/** The requests in the order they were answered, the latest `capacity` of them, and those that wait for one. */
export class RequestLog {
  readonly all: RecordedRequest[] = [];
  readonly #capacity: number;
  #waiters: Waiter[] = [];

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  /** The record is made only when somebody wants it. */
  add(facts: RequestFacts, record: () => RecordedRequest): void {
    const waiters = this.#waiters.filter(({ match, left }) => left > 0 && matchesRequest(match, facts));
    if (this.#capacity === 0 && waiters.length === 0) return;
    const request = record();
    this.all.push(request);
    if (this.all.length > this.#capacity) this.all.shift();
    for (const waiter of waiters) {
      waiter.left -= 1;
      waiter.last = request;
    }
  }

  /** Called once the answer is on its way. */
  wake(): void {
    this.#waiters = this.#waiters.filter(({ left, last, resolve }) => {
      if (left > 0 || last === undefined) return true;
      resolve(last);
      return false;
    });
  }

  /** The first matching request after this call. */
  next(match: RequestMatch): Promise<RecordedRequest> {
    return this.#wait(match, 1);
  }

  /** The matching requests that are kept, as soon as there were `count` of them. */
  async atLeast(count: number, match: RequestMatch): Promise<readonly RecordedRequest[]> {
    const matching = () => this.all.filter((request) => matchesRequest(match, request));
    const missing = count - matching().length;
    if (missing > 0) await this.#wait(match, missing);
    return matching();
  }

  close(): void {
    for (const waiter of this.#waiters) waiter.reject(new Error("The fake was stopped before the request arrived."));
    this.#waiters = [];
  }

  #wait(match: RequestMatch, count: number): Promise<RecordedRequest> {
    const { promise, resolve, reject } = Promise.withResolvers<RecordedRequest>();
    // A waiter that nobody awaits any more must not fail the test that stops the fake.
    promise.catch(() => {});
    this.#waiters.push({ match, left: count, last: undefined, resolve, reject });
    return promise;
  }
}
