import { serverCredentials } from "./certificates.ts";
import type { ClientCertificate } from "./control.ts";
import { type FaultMatch, FaultPlan, type PushFault } from "./faults.ts";
import { startHttp2Host } from "./http2-host.ts";
import { PushLog, type PushMatch, type RecordedPush } from "./push-log.ts";
import { Traffic } from "./traffic.ts";

export { createTestIdentity } from "./certificates.ts";
export type { PushFault } from "./faults.ts";
export type { PushMatch, RecordedPush } from "./push-log.ts";

export interface FakeApnsOptions {
  readonly now?: () => number;
  readonly maxConcurrentStreams?: number;
  /** In its certificate; by default `localhost`, and 127.0.0.1. */
  readonly serverName?: string;
  /** PEM; a client certificate of another root is answered with 403. By default any is taken. */
  readonly trustedRoots?: readonly string[];
  /** Off for millions of pushes: then `pushes` stays empty, only `answered` counts. */
  readonly keepPushes?: boolean;
}

export interface FakeApns extends AsyncDisposable {
  /** https://127.0.0.1:port */
  readonly url: string;
  /** What a client must trust, PEM. */
  readonly ca: string;
  /** In the order of the answers, refused ones included. */
  readonly pushes: readonly RecordedPush[];
  /** How many were answered. */
  readonly answered: number;
  /** Received and not answered. */
  readonly inFlight: number;
  /** The most streams that were ever open at once on one connection. */
  readonly mostStreams: number;
  /** Client certificates of all connections ever opened, in that order; undefined where none was presented. */
  readonly certificates: readonly (ClientCertificate | undefined)[];
  readonly openConnections: number;
  /** 410 from now on; `timestamp` in milliseconds, by default now. */
  unregister(token: string, timestamp?: number): void;
  register(token: string): void;
  /** Pushes of other topics are answered with DeviceTokenNotForTopic. */
  assignToken(token: string, topic: string): void;
  /** Queues a fault for the next `times` (default 1) matching pushes. */
  failNext(fault: PushFault, when?: FaultMatch & { readonly times?: number }): void;
  /** Until `clearFaults`; queued faults go first. */
  respondAlways(fault: PushFault, when?: FaultMatch): void;
  clearFaults(): void;
  /** The `count`th push from now is the last that its connection takes: a GOAWAY says so. */
  goAwayAfter(count: number, reason?: string): void;
  /** A GOAWAY on every connection, whose mark is the last push received. */
  goAway(reason?: string): void;
  /** A TCP reset of every connection. */
  dropConnections(): void;
  /** Resolves when every connected client has acknowledged it. */
  setMaxConcurrentStreams(count: number): Promise<void>;
  /** The first matching push answered after this call. */
  nextPush(match?: PushMatch): Promise<RecordedPush>;
  /** All matching pushes, as soon as `count` were answered since the start. */
  waitForPushes(count: number, match?: PushMatch): Promise<readonly RecordedPush[]>;
  /** Resolves as soon as exactly `count` pushes have been received that have no answer and were not taken back. */
  waitForInFlight(count: number): Promise<void>;
  /** Resolves as soon as `count` connections are open, no more and no fewer. */
  waitForConnections(count: number): Promise<void>;
}

/** Apple's push service on 127.0.0.1: HTTP/2 over TLS, with client certificates, Apple's checks and Apple's answers. */
export async function startFakeApns(options: FakeApnsOptions = {}): Promise<FakeApns> {
  const { now = Date.now, maxConcurrentStreams = 100, trustedRoots = [], keepPushes = true } = options;
  const credentials = serverCredentials(options.serverName ?? "localhost");
  const registry = { now, topics: new Map<string, string>(), unregistered: new Map<string, number>() };
  const faults = new FaultPlan();
  const log = new PushLog();
  const traffic = new Traffic({ registry, faults, log, keepPushes, command: (command) => host.command(command) });
  const host = await startHttp2Host({ ...credentials, trustedRoots, maxConcurrentStreams }, (message) =>
    traffic.onMessage(message),
  );

  return {
    url: `https://127.0.0.1:${host.port}`,
    ca: credentials.caPem,
    pushes: log.all,
    certificates: traffic.certificates,
    get answered() {
      return traffic.answered;
    },
    get inFlight() {
      return traffic.inFlight.size;
    },
    get mostStreams() {
      return traffic.mostStreams;
    },
    get openConnections() {
      return traffic.connections.size;
    },
    unregister: (token, timestamp = now()) => void registry.unregistered.set(token, timestamp),
    register: (token) => void registry.unregistered.delete(token),
    assignToken: (token, topic) => void registry.topics.set(token, topic),
    failNext: (fault, { times = 1, ...match } = {}) => faults.queue(fault, match, times),
    respondAlways: (fault, match = {}) => faults.always(fault, match),
    clearFaults: () => faults.clear(),
    goAwayAfter: (count, reason = "Shutdown") => traffic.goAwayAfter(count, reason),
    goAway(reason = "Shutdown") {
      for (const connection of traffic.connections.keys()) traffic.goAway(connection, reason);
    },
    dropConnections() {
      for (const connection of traffic.connections.keys()) host.command({ type: "drop", connection });
    },
    setMaxConcurrentStreams(count) {
      traffic.limited = Promise.withResolvers();
      host.command({ type: "limit", maxConcurrentStreams: count });
      return traffic.limited.promise;
    },
    nextPush: (match = {}) => log.next(match),
    waitForPushes: (count, match = {}) => log.atLeast(count, match),
    waitForInFlight: (count) => log.until(() => traffic.inFlight.size === count),
    waitForConnections: (count) => log.until(() => traffic.connections.size === count),
    async [Symbol.asyncDispose]() {
      log.close();
      await host.stop();
    },
  };
}
