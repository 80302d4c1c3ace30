interface DeferredWork {
  readonly at: number;
  readonly run: () => void;
}

/**
 * What Klaviyo does after it has answered. Nothing runs by itself: work that has fallen due is done before the next
 * request is answered or the next accessor is read, in the order in which it fell due, and sees the time at which it did.
 * So the fake needs no timers, and a test's clock decides alone.
 */
export class Timeline {
  readonly #clock: () => number;
  #work: DeferredWork[] = [];
  #next = 0;
  #at: number | undefined;

  constructor(clock: () => number) {
    this.#clock = clock;
  }

  readonly now = (): number => this.#at ?? this.#clock();

  after(delayMs: number, run: () => void): void {
    const at = this.now() + delayMs;
    let index = this.#work.length;
    while (index > this.#next && (this.#work[index - 1]?.at ?? 0) > at) index--;
    this.#work.splice(index, 0, { at, run });
  }

  catchUp(): void {
    // Work may read the account, which catches up first.
    if (this.#at !== undefined) return;
    const now = this.#clock();
    try {
      for (;;) {
        const work = this.#work[this.#next];
        if (work === undefined || work.at > now) break;
        this.#next += 1;
        this.#at = work.at;
        work.run();
      }
    } finally {
      this.#at = undefined;
      this.#dropDone();
    }
  }

  /** Only when it pays: moving the rest each time would cost the square of its length. */
  #dropDone(): void {
    if (this.#next * 2 < this.#work.length) return;
    this.#work = this.#work.slice(this.#next);
    this.#next = 0;
  }
}
