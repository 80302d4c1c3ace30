/** What was answered; `reset` and `hang` where no answer was sent. */
export type AnswerStatus = number | "reset" | "hang";

export interface AnswerMatch {
  /** An operationId. */
  readonly operation?: string;
  readonly status?: AnswerStatus;
}

/** How often each operation was answered with which status; kept also where requests are not. */
export class AnswerCounts {
  readonly #counts = new Map<string, Map<AnswerStatus, number>>();

  /** `operation` is undefined for a path that the fake does not know. */
  add(operation: string | undefined, status: AnswerStatus): void {
    const name = operation ?? "unknown";
    const ofOperation = this.#counts.get(name) ?? new Map<AnswerStatus, number>();
    ofOperation.set(status, (ofOperation.get(status) ?? 0) + 1);
    this.#counts.set(name, ofOperation);
  }

  count({ operation, status }: AnswerMatch = {}): number {
    let sum = 0;
    for (const [name, ofOperation] of this.#counts) {
      if (operation !== undefined && operation !== name) continue;
      for (const [one, count] of ofOperation) if (status === undefined || status === one) sum += count;
    }
    return sum;
  }

  /** From 0 to 1: how many of an operation's answers, or of all, had a status; 0 when there were none. */
  share(status: AnswerStatus, operation?: string): number {
    const of = operation === undefined ? {} : { operation };
    return this.count({ ...of, status }) / Math.max(1, this.count(of));
  }
}
