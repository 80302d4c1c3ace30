import { monitorEventLoopDelay } from "node:perf_hooks";
import type { PackageCache } from "./apple/package-cache.ts";
import type { PushClient } from "./apple/push-client.ts";
import type { Clock } from "./clock.ts";
import { databaseSizes } from "./db/sizes.ts";
import type { KlaviyoAnswer } from "./klaviyo/client.ts";
import type { LimitFamily } from "./klaviyo/limits.ts";
import { createMetrics, type Reading } from "./metrics.ts";
import { laneKey } from "./outbox/lane-key.ts";
import type { OutboxStore } from "./outbox/outbox-store.ts";
import type { Issuer } from "./passes/issue.ts";
import type { LifecycleEventKind } from "./passes/pass.ts";
import { VERSION } from "./version.ts";

export type ProgramMetrics = ReturnType<typeof createProgramMetrics>;

/** What was done since the start. */
export interface Traffic {
  readonly startedAt: number;
  /** Webhooks to issue a pass, by what came of them. */
  readonly issueRequests: Readonly<Record<string, number>>;
  /** Within how many seconds half, and 95 of 100, of the changed profiles were written. */
  readonly writeBackSeconds: { readonly half: number | undefined; readonly most: number | undefined };
}

const REQUEST_BOUNDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5];
/** From a promise to its effect: at once, or after days. */
const JOB_BOUNDS = [0.1, 0.5, 1, 2, 5, 10, 30, 60, 300, 1_800, 7_200, 43_200, 604_800];
const NANOSECONDS = 1e9;

/**
 * What is measured of the program. Each part is observed from outside, so that none of them knows of it. Nothing here
 * names a person, an account or a pass.
 */
export function createProgramMetrics({ clock, dataDir }: { readonly clock: Clock; readonly dataDir: string }) {
  const startedAt = clock.now();
  const metrics = createMetrics();
  const { counter, histogram, gauge } = metrics;
  const requests = counter("passhook_http_requests_total", "Requests answered.", ["route", "status"]);
  const requestSeconds = histogram(
    "passhook_http_request_seconds",
    "From a request's arrival to the head of its answer.",
    REQUEST_BOUNDS,
    ["route"],
  );
  const issued = counter("passhook_issue_requests_total", "Webhooks to issue a pass, by what came of them.", [
    "outcome",
  ]);
  const changed = counter("passhook_pass_changes_total", "What happened to passes.", ["kind"]);
  const packagesAsked = counter("passhook_package_requests_total", "Packages asked for; those not built were cached.");
  const buildSeconds = histogram("passhook_package_build_seconds", "Building and signing a package.", REQUEST_BOUNDS);
  const jobs = counter("passhook_jobs_total", "Tries of jobs, by what came of them.", ["kind", "outcome"]);
  const jobSeconds = histogram("passhook_job_seconds", "From the promise of a job to its being done.", JOB_BOUNDS, [
    "kind",
  ]);
  const closedSeconds = counter("passhook_lane_closed_seconds_total", "How long kinds of jobs had to stand still.", [
    "kind",
    "reason",
  ]);
  const answers = counter("passhook_klaviyo_answers_total", "What Klaviyo answered; 0: nothing.", ["family", "status"]);
  const pushes = counter("passhook_pushes_total", "What Apple's push service answered; 0: nothing.", ["status"]);
  const loopDelay = monitorEventLoopDelay({ resolution: 20 });

  gauge("passhook_build_info", "The version that runs.", ["version"], async () => [[[VERSION], 1]]);
  gauge("process_start_time_seconds", "When the program started.", [], async () => [[[], startedAt / 1_000]]);
  gauge("process_resident_memory_bytes", "Memory in use.", [], async () => [[[], process.memoryUsage.rss()]]);
  gauge("passhook_database_bytes", "Size of the database and of its log.", ["file"], async () => {
    const { database, log } = databaseSizes(dataDir);
    return [
      [["database"], database],
      [["wal"], log],
    ];
  });
  gauge("passhook_event_loop_delay_seconds", "How late timers were since the last reading.", ["quantile"], async () => {
    const at = (percentile: number): number => loopDelay.percentile(percentile) / NANOSECONDS;
    const readings: Reading[] = [
      [["0.5"], at(50)],
      [["0.99"], at(99)],
      [["1"], loopDelay.max / NANOSECONDS],
    ];
    loopDelay.reset();
    return readings;
  });

  return {
    text: metrics.text,

    /** Measures what needs a timer, for as long as the server runs. */
    start: () => void loopDelay.enable(),
    stop: () => void loopDelay.disable(),

    requestAnswered(method: string, path: string, status: number, seconds: number): void {
      const route = routeClassOf(path);
      requests.add(1, route, String(status));
      requestSeconds.observe(seconds, route);
      if (method === "POST" && path === "/v1/passes" && status >= 400) {
        issued.add(1, status >= 500 || status === 429 ? "unavailable" : "refused");
      }
    },

    passChanged: (kind: LifecycleEventKind): void => changed.add(1, kind),

    klaviyoAnswered: (family: LimitFamily, answer: KlaviyoAnswer): void =>
      answers.add(1, family, answer.type === "answered" ? String(answer.status) : "0"),

    ofIssuer: (issuer: Issuer): Issuer => ({
      ...issuer,
      async issue(request) {
        const result = await issuer.issue(request);
        issued.add(1, result.outcome);
        return result;
      },
    }),

    ofPackages: (cache: PackageCache): PackageCache => ({
      get(key, build) {
        packagesAsked.add(1);
        return cache.get(key, async () => {
          const begunAt = performance.now();
          const bytes = await build();
          buildSeconds.observe((performance.now() - begunAt) / 1_000);
          return bytes;
        });
      },
    }),

    ofPushes: (client: PushClient): PushClient => ({
      async push(...args) {
        const answer = await client.push(...args);
        pushes.add(1, answer.type === "answered" ? String(answer.status) : "0");
        return answer;
      },
      get openConnections() {
        return client.openConnections;
      },
      [Symbol.asyncDispose]: () => client[Symbol.asyncDispose](),
    }),

    /** What workers make of jobs; and, when somebody asks, what is in the outbox. */
    ofOutbox(store: OutboxStore): OutboxStore {
      const closedUntil = new Map<string, number>();
      gauge("passhook_outbox_jobs", "Jobs in the outbox.", ["kind", "state"], async () =>
        (await store.depthsByKind()).map(({ kind, state, count }) => [[kind, state], count]),
      );
      gauge("passhook_outbox_oldest_seconds", "Age of the oldest job that is still to be done.", [], async () => {
        const oldest = await store.oldest();
        return [[[], oldest === undefined ? 0 : (clock.now() - oldest) / 1_000]];
      });
      return {
        ...store,
        async finish(job, record) {
          await store.finish(job, record);
          jobs.add(1, job.kind, "done");
          jobSeconds.observe((clock.now() - job.createdAt) / 1_000, job.kind);
        },
        async retryLater(job, ...how) {
          await store.retryLater(job, ...how);
          jobs.add(1, job.kind, "failed");
        },
        async bury(job, reason) {
          await store.bury(job, reason);
          jobs.add(1, job.kind, "dead");
        },
        async closeLanes(job, scope, until, alarm) {
          const isNew = await store.closeLanes(job, scope, until, alarm);
          // Jobs that were on their way together close it together.
          const before = Math.max(clock.now(), closedUntil.get(laneKey(job)) ?? 0);
          if (until > before) {
            closedUntil.set(laneKey(job), until);
            closedSeconds.add((until - before) / 1_000, job.kind, alarm === null ? "asked to wait" : "refused");
          }
          return isNew;
        },
      };
    },

    /** The same for people: what was done since the start. */
    traffic: (): Traffic => ({
      startedAt,
      issueRequests: Object.fromEntries(issued.readings().map(([[outcome = ""], count]) => [outcome, count])),
      writeBackSeconds: {
        half: jobSeconds.within(0.5, "klaviyo.profile"),
        most: jobSeconds.within(0.95, "klaviyo.profile"),
      },
    }),
  };
}

const ROUTES: readonly (readonly [prefix: string, route: string])[] = [
  ["/v1", "api"],
  ["/p/", "wallet"],
  ["/b/", "wallet"],
  ["/passkit/", "passkit"],
  ["/admin", "admin"],
  ["/assets/", "assets"],
  ["/livez", "health"],
  ["/readyz", "health"],
  ["/metrics", "health"],
];

const routeClassOf = (path: string): string => ROUTES.find(([prefix]) => path.startsWith(prefix))?.[1] ?? "other";
