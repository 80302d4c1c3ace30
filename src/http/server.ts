import { type AnyElysia, Elysia } from "elysia";
import { AppError, messageOf } from "../errors.ts";
import type { Log } from "../log.ts";
import { errorResponse } from "./error-response.ts";
import type { Health } from "./health.ts";
import { addSecurityHeaders } from "./security-headers.ts";

export interface HttpServerOptions {
  readonly log: Log;
  readonly health: Health;
  readonly https: boolean;
  readonly routes: readonly AnyElysia[];
}

/** What every route has in common: the error table, the security headers, and 503 while shutting down. */
export function createHttpServer({ log, health, https, routes }: HttpServerOptions) {
  const server = new Elysia({ serve: { maxRequestBodySize: 8 * 1024 * 1024, idleTimeout: 30 } })
    .onRequest(({ request }) => {
      if (health.draining && new URL(request.url).pathname.startsWith("/v1")) {
        return errorResponse(new AppError("unavailable", "The server is shutting down. Try again shortly."));
      }
      return undefined;
    })
    .onError(({ error, code, request }) => {
      const known = toAppError(error, code);
      if (!known)
        log.error("A request failed unexpectedly.", { path: new URL(request.url).pathname, error: messageOf(error) });
      return errorResponse(known ?? error);
    })
    .mapResponse(({ responseValue, response, set }) => {
      const value = responseValue ?? response;
      const answer =
        value instanceof Response
          ? value
          : Response.json(value ?? null, { status: numeric(set.status), headers: plain(set.headers) });
      addSecurityHeaders(answer.headers, https);
      return answer;
    });
  for (const route of routes) server.use(route);
  return server;
}

/** Elysia's own failures in our words; nothing for what nobody expected. */
function toAppError(error: unknown, code: string | number): AppError | undefined {
  if (error instanceof AppError) return error;
  switch (code) {
    case "NOT_FOUND":
      return new AppError("not_found", "There is nothing at this address.");
    case "PARSE":
      return new AppError("invalid", "The body cannot be read.");
    case "VALIDATION":
      return new AppError("invalid", messageOf(error));
    default:
      return undefined;
  }
}

const numeric = (status: unknown): number => (typeof status === "number" ? status : 200);

const plain = (headers: object): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]));
