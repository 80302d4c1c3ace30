import type { Clock } from "../clock.ts";
import { type PushAnswer, unreachable } from "./push/answer.ts";
import { type Connection, openConnection } from "./push/connection.ts";
import { createPushQueue, type PushQueue } from "./push/queue.ts";

export type { PushAnswer } from "./push/answer.ts";

/** For whom a push is sent: the certificate that signs the passes also opens the connection. */
export interface PushIdentity {
  readonly id: string;
  readonly passTypeIdentifier: string;
  readonly certificatePem: string;
  readonly intermediatePem: string;
  /** Asked each time a connection is opened, and not kept. */
  readonly privateKeyPem: () => string;
}

/** Tells phones that something changed. */
export interface PushClient extends AsyncDisposable {
  /** Sends one push. Never throws, never retries: the outbox decides what follows. */
  push(identity: PushIdentity, pushToken: string, signal?: AbortSignal): Promise<PushAnswer>;
  /** Connections now open or being opened. */
  readonly openConnections: number;
}

export interface PushClientOptions {
  /** `https://api.push.apple.com`; a path is ignored. */
  readonly baseUrl: string;
  /** PEM of the one CA to trust instead of the system's (tests). */
  readonly ca?: string | undefined;
  readonly clock: Clock;
  readonly idleMs?: number;
  readonly timeoutMs?: number;
}

/**
 * Apple asks to keep connections and takes many short ones for an attack; firewalls between forget a silent one, the
 * shortest known after 350 s (AWS NAT gateway), and then swallow what is sent.
 */
const IDLE_MS = 5 * 60_000;
/** Twice fits into a job's lease. */
const TIMEOUT_MS = 10_000;
/** Whole bytes; Apple says not to rely on a length. Anything else would be a path of its own. */
const TOKEN = /^(?:[0-9a-f]{2}){1,256}$/i;
const BAD_TOKEN: PushAnswer = {
  type: "answered",
  status: 400,
  reason: "BadDeviceToken",
  timestamp: undefined,
  retryAfterMs: undefined,
};

/**
 * The only place that talks to Apple's push service (APNs): HTTP/2 with a client certificate, one connection for each
 * identity, many pushes in flight on it.
 */
export function createPushClient({
  baseUrl,
  ca,
  clock,
  idleMs = IDLE_MS,
  timeoutMs = TIMEOUT_MS,
}: PushClientOptions): PushClient {
  const { origin } = new URL(baseUrl);
  const queues = new Map<string, PushQueue>();
  const connections = new Set<Connection>();
  let isClosed = false;

  function queueOf(identity: PushIdentity): PushQueue {
    const { id, certificatePem, intermediatePem, passTypeIdentifier: topic } = identity;
    const known = queues.get(id);
    if (known) return known;
    const queue: PushQueue = createPushQueue({
      topic,
      clock,
      idleMs,
      timeoutMs,
      open(events) {
        const privateKeyPem = identity.privateKeyPem();
        const chain = `${certificatePem.trim()}\n${intermediatePem.trim()}\n`;
        const connection = openConnection({ origin, ca, certificatePem: chain, privateKeyPem }, events);
        connections.add(connection);
        void connection.closed.then(() => connections.delete(connection));
        return connection;
      },
      onUnused() {
        if (queues.get(id) === queue) queues.delete(id);
      },
    });
    queues.set(id, queue);
    return queue;
  }

  return {
    async push(identity, pushToken, signal) {
      if (!TOKEN.test(pushToken)) return BAD_TOKEN;
      if (isClosed) return unreachable("the server is shutting down");
      if (signal?.aborted) return unreachable("the push was called off");
      return queueOf(identity).push(pushToken, signal);
    },
    get openConnections() {
      return connections.size;
    },
    async [Symbol.asyncDispose]() {
      isClosed = true;
      for (const queue of queues.values()) queue.close("the server is shutting down");
      await Promise.all([...connections].map(({ closed }) => closed));
    },
  };
}
