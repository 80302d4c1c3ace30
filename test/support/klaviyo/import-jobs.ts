import type { Account } from "./account.ts";
import type { ProfileUpsert } from "./body-schemas.ts";
import { ApiError, type ErrorItem } from "./errors.ts";
import { upsertProfile } from "./profile-upsert.ts";

/** Why one profile of a job was not imported. */
export interface FakeImportError {
  readonly id: string;
  readonly code: string;
  readonly title: string;
  readonly detail: string;
  readonly source: ErrorItem["source"];
  readonly original_payload: ProfileUpsert;
}

/** A snapshot; times in milliseconds. */
export interface FakeImportJob {
  readonly id: string;
  readonly status: "queued" | "processing" | "complete";
  readonly createdAt: number;
  readonly startedAt: number | undefined;
  readonly completedAt: number | undefined;
  readonly listIds: readonly string[];
  readonly totalCount: number;
  readonly completedCount: number;
  readonly failedCount: number;
  readonly errors: readonly FakeImportError[];
}

const WEEK_MS = 7 * 24 * 60 * 60 * 1_000;

/** When Klaviyo forgets the job. */
export const expiryOf = (job: FakeImportJob): number => job.createdAt + WEEK_MS;

/** The profile import jobs of one account. */
export class ImportJobStore {
  readonly #jobs = new Map<string, FakeImportJob>();

  get all(): ReadonlyMap<string, FakeImportJob> {
    return this.#jobs;
  }

  put(job: FakeImportJob): FakeImportJob {
    this.#jobs.set(job.id, job);
    return job;
  }
}

/** Queues a job. Its profiles are written when it completes, so what is written meanwhile is overwritten by then. */
export function startImport(
  account: Account,
  profiles: readonly ProfileUpsert[],
  listIds: readonly string[],
): FakeImportJob {
  const { imports, ids, timeline, delays } = account;
  const queued = imports.put({
    id: ids.job(),
    status: "queued",
    createdAt: timeline.now(),
    startedAt: undefined,
    completedAt: undefined,
    listIds,
    totalCount: profiles.length,
    completedCount: 0,
    failedCount: 0,
    errors: [],
  });
  timeline.after(delays.importStartMs, () => {
    const started = imports.put({ ...queued, status: "processing", startedAt: timeline.now() });
    timeline.after(delays.importMs, () => imports.put(importAll(account, started, profiles)));
  });
  return queued;
}

function importAll(account: Account, job: FakeImportJob, profiles: readonly ProfileUpsert[]): FakeImportJob {
  const errors: FakeImportError[] = [];
  let failedCount = 0;
  for (const [index, profile] of profiles.entries()) {
    try {
      upsertProfile(account.profiles, profile, `/data/attributes/profiles/data/${index}/attributes`);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      failedCount += 1;
      for (const { code, title, detail, source } of error.items) {
        errors.push({ id: account.ids.uuid(), code, title, detail, source, original_payload: profile });
      }
    }
  }
  return {
    ...job,
    status: "complete",
    completedAt: account.now(),
    completedCount: job.totalCount - failedCount,
    failedCount,
    errors,
  };
}
