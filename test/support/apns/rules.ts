import type { ClientCertificate, HostAnswer, ReceivedRequest } from "./control.ts";

/** A refusal as Apple words it: "Handling notification responses from APNs". */
export interface Refusal {
  readonly status: number;
  readonly reason?: string;
  /** Of a 410, in milliseconds. */
  readonly timestamp?: number;
  readonly retryAfterSeconds?: number;
  /** Instead of Apple's JSON, as from a proxy. */
  readonly body?: string;
  /** The stream is reset in the middle of the body. */
  readonly isTruncated?: boolean;
}

export interface Registry {
  readonly now: () => number;
  /** Token → the topic that it belongs to. */
  readonly topics: ReadonlyMap<string, string>;
  /** Token → since when it is not valid, in milliseconds. */
  readonly unregistered: ReadonlyMap<string, number>;
}

const DEVICE_PATH = /^\/3\/device\/([^/]*)$/;
const MAX_PAYLOAD_BYTES = 4_096;

export const tokenIn = (path: string): string | undefined => DEVICE_PATH.exec(path)?.[1];

/** What Apple answers; nothing to refuse means 200. */
export function refusalOf(
  request: ReceivedRequest,
  certificate: ClientCertificate | undefined,
  registry: Registry,
): Refusal | undefined {
  const token = tokenIn(request.path);
  const topic = request.headers["apns-topic"];
  // Without a certificate a connection may still bring a token of its own with each request.
  if (!certificate) return { status: 403, reason: "MissingProviderToken" };
  if (!certificate.isTrusted || certificate.validTo < registry.now() || certificate.uid === undefined) {
    return { status: 403, reason: "BadCertificate" };
  }
  if (token === undefined) return { status: 404, reason: "BadPath" };
  if (request.method !== "POST") return { status: 405, reason: "MethodNotAllowed" };
  if (token === "") return { status: 400, reason: "MissingDeviceToken" };
  if (topic === undefined) return { status: 400, reason: "MissingTopic" };
  if (!/^[\w.-]+$/.test(topic)) return { status: 400, reason: "BadTopic" };
  if (topic !== certificate.uid) return { status: 400, reason: "TopicDisallowed" };
  if (!isObject(request.body)) return { status: 400, reason: "PayloadEmpty" };
  if (Buffer.byteLength(request.body) > MAX_PAYLOAD_BYTES) return { status: 413, reason: "PayloadTooLarge" };
  if (!/^(?:[0-9a-f]{2})+$/i.test(token)) return { status: 400, reason: "BadDeviceToken" };
  if ((registry.topics.get(token) ?? topic) !== topic) return { status: 400, reason: "DeviceTokenNotForTopic" };
  const timestamp = registry.unregistered.get(token);
  return timestamp === undefined ? undefined : { status: 410, reason: "Unregistered", timestamp };
}

export function answerOf(refusal: Refusal | undefined): HostAnswer {
  const headers = { "apns-id": crypto.randomUUID().toUpperCase() };
  if (!refusal) return { status: 200, headers, body: "" };
  const { status, reason, timestamp, retryAfterSeconds, body, isTruncated = false } = refusal;
  return {
    status,
    headers: retryAfterSeconds === undefined ? headers : { ...headers, "retry-after": String(retryAfterSeconds) },
    body: body ?? JSON.stringify({ reason, timestamp }),
    isTruncated,
  };
}

function isObject(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value);
  } catch {
    return false;
  }
}
