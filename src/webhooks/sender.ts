import type { LookupAddress } from "node:dns";
import { lookup } from "node:dns/promises";
import http from "node:http";
import https from "node:https";
import { messageOf } from "../errors.ts";
import { VERSION } from "../version.ts";
import { type Allowance, hostOf, isAddress, refusalOfAddress } from "./destinations.ts";

/** What came back from a receiver. */
export type Answer =
  | {
      readonly type: "answered";
      readonly status: number;
      /** Its first 2 KB at most. */
      readonly body: string;
      readonly retryAfter: string | null;
    }
  /** No answer: whether the receiver acted cannot be told. */
  | { readonly type: "unreachable"; readonly reason: string };

export interface Message {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Posts once. Never throws, never retries, follows nothing: the outbox decides what comes next. */
export type Send = (url: string, message: Message, signal?: AbortSignal) => Promise<Answer>;

export interface SenderOptions {
  readonly allowance: Allowance;
  /** All addresses of a name. */
  readonly resolve?: (host: string) => Promise<readonly LookupAddress[]>;
  /** PEM of the one CA to trust instead of the system's (tests). */
  readonly ca?: string;
  readonly timeoutMs?: number;
}

/** From the first question to the name server to the last byte of the answer. */
const TIMEOUT_MS = 10_000;
/** Enough to see what a receiver complains about; what follows is not read. */
const MAX_BODY_BYTES = 2_048;

const resolveName = (host: string): Promise<readonly LookupAddress[]> => lookup(host, { all: true });

/**
 * The only place that sends webhooks. The receiver's name is resolved once, every address is judged, and the connection
 * goes to one of those addresses: a name that leads elsewhere when it is asked again (DNS rebinding) gains nothing.
 * Certificates are checked against the name all the same. Proxies from the environment are not used.
 */
export function createSender(options: SenderOptions): Send {
  const { allowance, resolve = resolveName, timeoutMs = TIMEOUT_MS } = options;

  async function addressesOf(url: URL): Promise<readonly LookupAddress[]> {
    const host = hostOf(url);
    const addresses = isAddress(host) ? [{ address: host, family: host.includes(":") ? 6 : 4 }] : await lookUp(host);
    for (const { address } of addresses) {
      const refusal = refusalOfAddress(url, address, allowance);
      if (refusal) throw new Error(`the URL ${refusal}`);
    }
    return addresses;
  }

  async function lookUp(host: string): Promise<readonly LookupAddress[]> {
    try {
      return await resolve(host);
    } catch (error) {
      throw new Error(`${host} cannot be found (${messageOf(error)})`);
    }
  }

  return async (given, message, signal) => {
    const timeout = AbortSignal.timeout(timeoutMs);
    const stop = signal ? AbortSignal.any([timeout, signal]) : timeout;
    try {
      stop.throwIfAborted();
      const url = new URL(given);
      const addresses = await Promise.race([addressesOf(url), stopped(stop)]);
      return await post(url, addresses, message, { ca: options.ca, signal: stop });
    } catch (error) {
      const reason = timeout.aborted ? `no answer within ${timeoutMs / 1000} s` : messageOf(error);
      return { type: "unreachable", reason };
    }
  };
}

/** Settles when the connection is closed: with the answer if its head has come, else by throwing what went wrong. */
function post(
  url: URL,
  addresses: readonly LookupAddress[],
  { headers, body }: Message,
  { ca, signal }: { readonly ca: string | undefined; readonly signal: AbortSignal },
): Promise<Answer> {
  const { promise, resolve, reject } = Promise.withResolvers<Answer>();
  const request = (url.protocol === "https:" ? https : http).request({
    method: "POST",
    hostname: hostOf(url),
    port: url.port,
    path: url.pathname + url.search,
    headers: { "user-agent": `Passhook/${VERSION}`, ...headers },
    // Asked for all addresses of a name, and for an address not at all (measured with Bun 1.4.5).
    lookup: (_host, _options, give) => give(null, [...addresses]),
    agent: false,
    // Said explicitly, so that no environment variable can turn it off.
    rejectUnauthorized: true,
    ...(ca === undefined ? {} : { ca }),
    signal,
  });
  const chunks: Buffer[] = [];
  let size = 0;
  let answer: http.IncomingMessage | undefined;
  let failure: Error | undefined;
  request.on("response", (response) => {
    answer = response;
    response.on("data", (chunk: Buffer) => {
      chunks.push(chunk);
      size += chunk.length;
      if (size > MAX_BODY_BYTES) request.destroy();
    });
    // A body that breaks off changes nothing: the status is the receipt.
    response.on("error", () => {});
  });
  request.on("error", (error) => {
    failure = error;
  });
  request.on("close", () => {
    if (answer?.statusCode === undefined) {
      reject(failure ?? new Error("the connection was closed without an answer"));
      return;
    }
    resolve({
      type: "answered",
      status: answer.statusCode,
      body: Buffer.concat(chunks).toString("utf8", 0, MAX_BODY_BYTES),
      retryAfter: answer.headers["retry-after"] ?? null,
    });
  });
  request.end(body);
  return promise;
}

function stopped(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason), { once: true }));
}
