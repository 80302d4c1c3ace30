/** One request, as the load generator sends it. */
export interface PlannedRequest {
  readonly method: "GET" | "POST" | "PATCH";
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** A bounded load: these requests, each once, over so many connections that are kept alive. */
export interface LoadPlan {
  readonly port: number;
  readonly connections: number;
  readonly requests: readonly PlannedRequest[];
  /** Any other status ends the bench: errors are quick to make. */
  readonly status: number;
}

export interface LoadResult {
  /** Answers per second, from the first request sent to the last answer read. */
  readonly perSecond: number;
  /** Latency from sending a request to the end of its answer, in milliseconds. */
  readonly p50: number;
  readonly p99: number;
}
