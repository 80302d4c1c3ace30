import { type AnyElysia, Elysia } from "elysia";
import { AppError, messageOf } from "../errors.ts";
import type { Log } from "../log.ts";
import { addCorsHeaders, preflightResponse } from "./cors.ts";
import { errorResponse } from "./error-response.ts";
import type { Health } from "./health.ts";
import { urlOf } from "./request-url.ts";
import { addSecurityHeaders } from "./security-headers.ts";

export interface HttpServerOptions {
  readonly log: Log;
  readonly health: Health;
  readonly https: boolean;
  readonly routes: readonly AnyElysia[];
  /** Told of every answer, once: what was asked for, and how long it took until the head of the answer was there. */
  readonly onAnswered: (method: string, path: string, status: number, seconds: number) => void;
}

/** Above what any route takes: each stops reading at its own limit, and says so. */
const MAX_BODY_BYTES = 64 * 1024 * 1024;

/** What every route has in common: the error table, the headers, and 503 while shutting down. */
export function createHttpServer({ log, health, https, routes, onAnswered }: HttpServerOptions) {
  const arrivals = new WeakMap<Request, number>();

  function finish(request: Request, answer: Response): Response {
    addSecurityHeaders(answer.headers, https);
    if (isApi(request)) addCorsHeaders(answer.headers);
    const arrivedAt = arrivals.get(request);
    if (arrivedAt !== undefined) {
      // An answer to an error comes by here twice.
      arrivals.delete(request);
      onAnswered(request.method, pathOf(request), answer.status, (performance.now() - arrivedAt) / 1_000);
    }
    return answer;
  }

  const server = new Elysia({ serve: { maxRequestBodySize: MAX_BODY_BYTES, idleTimeout: 30 } })
    .onRequest(({ request }) => {
      arrivals.set(request, performance.now());
      // Elysia hands on null in the place of a part that it cannot decode.
      if (!canBeDecoded(request)) return finish(request, errorResponse(nothingThere()));
      if (!isApi(request)) return undefined;
      if (request.method === "OPTIONS") return finish(request, preflightResponse());
      if (!health.draining) return undefined;
      const refusal = new AppError("unavailable", "The server is shutting down. Try again shortly.");
      return finish(request, errorResponse(refusal));
    })
    .onError(({ error, code, request }) => {
      const known = toAppError(error, code);
      if (!known) log.error("A request failed unexpectedly.", { path: pathOf(request), error: messageOf(error) });
      return finish(request, errorResponse(known ?? error));
    })
    .mapResponse(({ responseValue, response, set, request }) => {
      const value = responseValue ?? response;
      const answer =
        value instanceof Response
          ? value
          : Response.json(value ?? null, { status: numeric(set.status), headers: plain(set.headers) });
      return finish(request, answer);
    });
  for (const route of routes) server.use(route);
  return server;
}

/** Elysia's own failures in our words; nothing for what nobody expected. */
function toAppError(error: unknown, code: string | number): AppError | undefined {
  if (error instanceof AppError) return error;
  switch (code) {
    case "NOT_FOUND":
      return nothingThere();
    case "PARSE":
      return new AppError("invalid", "The body cannot be read.");
    case "VALIDATION":
      return new AppError("invalid", messageOf(error));
    default:
      return undefined;
  }
}

const nothingThere = () => new AppError("not_found", "There is nothing at this address.");

function canBeDecoded(request: Request): boolean {
  if (!request.url.includes("%")) return true;
  try {
    decodeURIComponent(pathOf(request));
    return true;
  } catch {
    return false;
  }
}

const pathOf = (request: Request): string => urlOf(request).pathname;

const isApi = ({ url }: Request): boolean => /^(?:[a-z]+:\/\/[^/]+)?\/v1(?:[/?]|$)/.test(url);

const numeric = (status: unknown): number => (typeof status === "number" ? status : 200);

const plain = (headers: object): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]));
