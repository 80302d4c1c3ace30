/**
 * Everything that can go wrong in a way somebody must be told about. Anything else that is thrown is a defect:
 * it is reported as `internal` and its text stays in the log.
 */
export type ErrorCode =
  | "invalid" // the input can never work; `details` lists every problem
  | "unauthorized" // nobody known
  | "forbidden" // somebody known, who may not
  | "not_found"
  | "gone" // it existed and was deleted
  | "conflict" // the state of the thing does not allow it
  | "too_large"
  | "rate_limited" // passes by itself; `retryAfterMs` says when
  | "unavailable" // trouble of ours that passes by itself (full disk, locked database, shutting down)
  | "not_implemented" // part of PassNinja's API that this server does not have
  | "internal";

/** One problem in an input, with the place it is at (`fields.points-balance.type`, `pass.member-name`). */
export interface Problem {
  readonly path: string;
  readonly message: string;
}

export interface AppErrorOptions {
  readonly details?: readonly Problem[];
  readonly retryAfterMs?: number;
  /** A finer name than the code for programs that call the API (`PASS_DELETED`). */
  readonly reason?: string;
  readonly cause?: unknown;
}

/** The one error type of the program. `message` is written for the person who must act on it. */
export class AppError extends Error {
  override readonly name = "AppError";
  readonly details: readonly Problem[];
  readonly retryAfterMs: number | undefined;
  readonly reason: string | undefined;

  constructor(
    readonly code: ErrorCode,
    message: string,
    options: AppErrorOptions = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.details = options.details ?? [];
    this.retryAfterMs = options.retryAfterMs;
    this.reason = options.reason;
  }
}

/** Wrong use of the command line: exit status 2. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

/** Text of anything thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** The message and every detail on a line of its own, for a terminal or a log. */
export function describeError(error: unknown): string {
  if (!(error instanceof AppError) || error.details.length === 0) return messageOf(error);
  return [error.message, ...error.details.map((problem) => `  ${describeProblem(problem)}`)].join("\n");
}

export const describeProblem = ({ path, message }: Problem): string => `${path ? `${path}: ` : ""}${message}`;
