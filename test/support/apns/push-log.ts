/** An absent field selects all. */
export interface PushMatch {
  readonly token?: string;
  readonly topic?: string;
  readonly status?: RecordedPush["status"];
}

export interface RecordedPush {
  readonly token: string | undefined;
  readonly topic: string | undefined;
  readonly method: string;
  readonly path: string;
  /** Names in lower case, without pseudo headers. */
  readonly headers: Readonly<Record<string, string>>;
  /** Names whose values no compression table may keep. */
  readonly neverIndexed: readonly string[];
  readonly payload: string;
  /** From 1, in the order in which they were opened. */
  readonly connection: number;
  /** UID of the client certificate. */
  readonly certificateUid: string | undefined;
  readonly status: number | "reset" | "hang" | "drop";
  /** When it was answered, on the fake's clock. */
  readonly at: number;
}

export const matchesPush = (
  match: PushMatch,
  push: { readonly token: string | undefined; readonly topic: string | undefined },
): boolean =>
  (match.token === undefined || match.token === push.token) &&
  (match.topic === undefined || match.topic === push.topic);

const isMatch = (match: PushMatch, push: RecordedPush): boolean =>
  matchesPush(match, push) && (match.status === undefined || match.status === push.status);

interface Waiter {
  readonly isDone: () => boolean;
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
}

/** The pushes in the order they were answered, and the promises of those that wait for something. */
export class PushLog {
  readonly all: RecordedPush[] = [];
  #waiters: Waiter[] = [];

  add(push: RecordedPush): void {
    this.all.push(push);
  }

  /** Called after anything changed that somebody could wait for. */
  wake(): void {
    if (this.#waiters.length === 0) return;
    this.#waiters = this.#waiters.filter((waiter) => {
      if (!waiter.isDone()) return true;
      waiter.resolve();
      return false;
    });
  }

  /** The first matching push after this call. */
  async next(match: PushMatch): Promise<RecordedPush> {
    const from = this.all.length;
    const find = () => this.all.find((push, index) => index >= from && isMatch(match, push));
    await this.until(() => find() !== undefined);
    return find() as RecordedPush;
  }

  /** The matching pushes so far, as soon as there are `count` of them. */
  async atLeast(count: number, match: PushMatch): Promise<readonly RecordedPush[]> {
    const matching = () => this.all.filter((push) => isMatch(match, push));
    await this.until(() => matching().length >= count);
    return matching();
  }

  until(isDone: () => boolean): Promise<void> {
    if (isDone()) return Promise.resolve();
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    // A waiter that nobody awaits any more must not fail the test that stops the fake.
    promise.catch(() => {});
    this.#waiters.push({ isDone, resolve, reject });
    return promise;
  }

  close(): void {
    for (const waiter of this.#waiters) waiter.reject(new Error("The fake was stopped before that happened."));
    this.#waiters = [];
  }
}
