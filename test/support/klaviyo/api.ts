import type { Account } from "./account.ts";
import { checkBody } from "./check-body.ts";
import {
  ApiError,
  authenticationFailed,
  invalid,
  invalidParameter,
  notAuthenticated,
  notFound,
  permissionDenied,
  throttled,
  tooLarge,
  unsupportedMediaType,
} from "./errors.ts";
import { checkQuery } from "./json-api.ts";
import type { Operation } from "./operation.ts";
import type { RateWindows } from "./rate-windows.ts";
import { matchesRequest, type RequestMatch } from "./request-log.ts";
import { findRoute } from "./routes.ts";
import type { Scope } from "./scopes.ts";

const MAX_BODY_BYTES = 5_000_000;
const JSON_API = "application/vnd.api+json";
/** The second is what the official Node SDK sends. */
const MEDIA_TYPES: readonly string[] = [JSON_API, "application/json"];
const REVISION = /^(\d{4}-\d{2}-\d{2})(\.[a-z0-9-]+)?$/;

export interface RawRequest {
  readonly method: string;
  /** Path and query. */
  readonly target: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** What the test may change about the caller's rights; the keys are of one account. */
export interface Access {
  readonly keys: Set<string>;
  readonly withheldScopes: Set<Scope>;
  readonly denied: RequestMatch[];
}

export function jsonAnswer(status: number, body: unknown, headers: Readonly<Record<string, string>> = {}): Answer {
  return { status, headers: { "content-type": JSON_API, ...headers }, body: JSON.stringify(body) };
}

export function errorAnswer(error: ApiError, account: Account, headers?: Readonly<Record<string, string>>): Answer {
  return jsonAnswer(error.status, error.envelope(account.ids), headers);
}

/** The API without a network: one request in, one answer out, the account changed in between. */
export class Api {
  readonly #account: Account;
  readonly #windows: RateWindows;
  readonly #access: Access;
  readonly #origin: () => string;

  constructor(account: Account, windows: RateWindows, access: Access, origin: () => string) {
    this.#account = account;
    this.#windows = windows;
    this.#access = access;
    this.#origin = origin;
  }

  answer(request: RawRequest): Answer {
    let headers: Readonly<Record<string, string>> = {};
    this.#account.timeline.catchUp();
    try {
      const url = new URL(request.target, this.#origin());
      const route = findRoute(request.method, url.pathname);
      if (route === undefined) throw notFound(`The path ${url.pathname} could not be found.`);
      const { operation, params } = route;
      this.#authenticate(request);
      const rate = this.#windows.take(operation.operationId, operation.limits);
      if (rate.retryAfterSeconds !== undefined) {
        return errorAnswer(throttled(rate.retryAfterSeconds), this.#account, {
          "retry-after": String(rate.retryAfterSeconds),
        });
      }
      headers = rate.headers;
      this.#authorise(operation, url.pathname);
      checkRevision(request);
      const body = operation.body && readBody(request, operation.maxBodyBytes ?? MAX_BODY_BYTES);
      checkQuery(url.searchParams, operation.query ?? []);
      const result = operation.handle(
        {
          origin: this.#origin(),
          target: request.target,
          params,
          query: url.searchParams,
          body: operation.body && checkBody(operation.body, body),
        },
        this.#account,
      );
      if (result.body === undefined) return { status: result.status, headers, body: "" };
      return jsonAnswer(result.status, result.body, headers);
    } catch (error) {
      if (error instanceof ApiError) return errorAnswer(error, this.#account, headers);
      throw error;
    }
  }

  #authenticate(request: RawRequest): void {
    const authorization = request.headers["authorization"];
    if (authorization === undefined) throw notAuthenticated();
    const [, key] = /^Klaviyo-API-Key (\S+)$/.exec(authorization) ?? [];
    if (key === undefined || !this.#access.keys.has(key)) throw authenticationFailed();
  }

  #authorise({ method, operationId, scopes }: Operation, path: string): void {
    const { withheldScopes, denied } = this.#access;
    const isDenied = denied.some((match) => matchesRequest(match, { method, path, operation: operationId }));
    if (isDenied || scopes.some((scope) => withheldScopes.has(scope))) throw permissionDenied();
  }
}

function checkRevision(request: RawRequest): void {
  const revision = request.headers["revision"];
  if (revision === undefined) throw invalidParameter("revision", "The 'revision' header is required.");
  const [, day] = REVISION.exec(revision) ?? [];
  const instant = new Date(`${day}T00:00:00Z`);
  if (day === undefined || Number.isNaN(instant.valueOf()) || !instant.toISOString().startsWith(day)) {
    throw invalidParameter("revision", `'${revision}' is not a revision (format: YYYY-MM-DD[.suffix]).`);
  }
}

function readBody(request: RawRequest, maxBytes: number): unknown {
  const contentType = request.headers["content-type"] ?? "";
  const mediaType = (contentType.split(";")[0] ?? "").trim().toLowerCase();
  if (!MEDIA_TYPES.includes(mediaType)) throw unsupportedMediaType(contentType);
  const encoding = request.headers["content-encoding"] ?? "identity";
  if (encoding !== "identity") throw unsupportedMediaType(encoding);
  if (request.body.byteLength > maxBytes) throw tooLarge(maxBytes);
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(request.body));
  } catch {
    throw invalid({ pointer: "/data", detail: "The payload provided in the request is invalid." });
  }
}
