import type { Account } from "../account.ts";
import { checkCount, checkItemSizes } from "../batch-limits.ts";
import { ProfileImportJobCreateQuery } from "../body-schemas.ts";
import { notFound } from "../errors.ts";
import { expiryOf, type FakeImportJob, startImport } from "../import-jobs.ts";
import { formatSecond } from "../instants.ts";
import { type Attributes, documentOf, pageOf, relationship, sparse } from "../json-api.ts";
import { type Call, type Operation, operation } from "../operation.ts";

const PROFILES = "/data/attributes/profiles/data";
const LIMITS = { burst: 10, steady: 150 };

const instant = (milliseconds: number | undefined) =>
  milliseconds === undefined ? null : formatSecond(milliseconds / 1_000);

function jobResource(job: FakeImportJob, call: Call): Attributes {
  const self = `${call.origin}/api/profile-bulk-import-jobs/${job.id}/`;
  const attributes = {
    status: job.status,
    created_at: instant(job.createdAt),
    total_count: job.totalCount,
    completed_count: job.completedCount,
    failed_count: job.failedCount,
    completed_at: instant(job.completedAt),
    expires_at: instant(expiryOf(job)),
    started_at: instant(job.startedAt),
  };
  return {
    type: "profile-bulk-import-job",
    id: job.id,
    attributes: sparse("profile-bulk-import-job", attributes, call.query),
    relationships: {
      lists: relationship(
        self,
        "lists",
        job.listIds.map((id) => ({ type: "list", id })),
      ),
      profiles: relationship(self, "profiles"),
      "import-errors": { links: { related: `${self}import-errors/` } },
    },
    links: { self },
  };
}

function jobAt(id: string | undefined, { imports, now }: Account): FakeImportJob {
  const job = imports.all.get(id ?? "");
  if (job === undefined || expiryOf(job) <= now()) throw notFound("Invalid job id");
  return job;
}

export const bulkImportProfiles = operation({
  operationId: "bulk_import_profiles",
  method: "POST",
  path: "/api/profile-bulk-import-jobs",
  limits: LIMITS,
  scopes: ["lists:write", "profiles:write"],
  query: ["fields[profile-bulk-import-job]"],
  body: ProfileImportJobCreateQuery,
  handle(call, account) {
    const { attributes, relationships } = call.body.data;
    const profiles = attributes.profiles.data;
    checkCount(profiles, 10_000, PROFILES);
    checkItemSizes(profiles, 100_000, PROFILES);
    const job = startImport(account, profiles, relationships?.lists?.data?.map(({ id }) => id) ?? []);
    return { status: 202, body: documentOf(call, jobResource(job, call)) };
  },
});

export const getBulkImportProfilesJob: Operation = {
  operationId: "get_bulk_import_profiles_job",
  method: "GET",
  path: "/api/profile-bulk-import-jobs/{job_id}",
  limits: LIMITS,
  scopes: ["lists:read", "profiles:read"],
  query: ["fields[profile-bulk-import-job]"],
  handle: (call, account) => ({
    status: 200,
    body: documentOf(call, jobResource(jobAt(call.params["job_id"], account), call)),
  }),
};

export const getErrorsForBulkImportProfilesJob: Operation = {
  operationId: "get_errors_for_bulk_import_profiles_job",
  method: "GET",
  path: "/api/profile-bulk-import-jobs/{id}/import-errors",
  limits: LIMITS,
  scopes: ["profiles:read"],
  query: ["fields[import-error]", "page[size]", "page[cursor]"],
  handle(call, account) {
    const { errors } = jobAt(call.params["id"], account);
    const { items, links } = pageOf(errors, call, { defaultSize: 20, maxSize: 100 });
    const data = items.map(({ id, ...attributes }) => ({
      type: "import-error",
      id,
      attributes: sparse("import-error", attributes, call.query),
    }));
    return { status: 200, body: { data, links } };
  },
};
