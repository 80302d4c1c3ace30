import type { Operation } from "./operation.ts";
import { bulkCreateEvents } from "./operations/bulk-create-events.ts";
import {
  bulkImportProfiles,
  getBulkImportProfilesJob,
  getErrorsForBulkImportProfilesJob,
} from "./operations/bulk-import-profiles.ts";
import { createEvent } from "./operations/create-event.ts";
import { createOrUpdateProfile } from "./operations/create-or-update-profile.ts";
import { bulkCreateDataSourceRecords, createDataSourceRecord } from "./operations/data-source-records.ts";
import { createDataSource, getDataSource, getDataSources } from "./operations/data-sources.ts";
import { getAccounts } from "./operations/get-accounts.ts";
import { getEvents } from "./operations/get-events.ts";
import { getMetrics } from "./operations/get-metrics.ts";
import { getProfile } from "./operations/get-profile.ts";
import { getProfiles } from "./operations/get-profiles.ts";
import { getIngestionLogsForObjectType } from "./operations/ingestion-logs.ts";
import { mergeProfiles } from "./operations/merge-profiles.ts";
import {
  createProfileSchemaRelationship,
  getProfileSchemaRelationships,
  getSourceMappingForObjectSchema,
  updateSourceMapping,
} from "./operations/object-mappings.ts";
import { bulkDeleteObjectRecords, getObjectRecord, getRecordsForObjectType } from "./operations/object-records.ts";
import { createObjectSchema, getObjectSchema, updateObjectSchema } from "./operations/object-schemas.ts";
import {
  createObjectType,
  getDraftSchemaForObjectType,
  getObjectType,
  getObjectTypes,
} from "./operations/object-types.ts";
import { requestProfileDeletion } from "./operations/request-profile-deletion.ts";
import { updateProfile } from "./operations/update-profile.ts";

/** The operations the fake answers; anything else is a 404. */
export const OPERATIONS: readonly Operation[] = [
  getAccounts,
  createOrUpdateProfile,
  updateProfile,
  getProfiles,
  getProfile,
  mergeProfiles,
  requestProfileDeletion,
  bulkImportProfiles,
  getBulkImportProfilesJob,
  getErrorsForBulkImportProfilesJob,
  createEvent,
  bulkCreateEvents,
  getEvents,
  getMetrics,
  createDataSource,
  getDataSources,
  getDataSource,
  createDataSourceRecord,
  bulkCreateDataSourceRecords,
  createObjectType,
  getObjectTypes,
  getObjectType,
  getDraftSchemaForObjectType,
  createObjectSchema,
  getObjectSchema,
  updateObjectSchema,
  createProfileSchemaRelationship,
  getProfileSchemaRelationships,
  getSourceMappingForObjectSchema,
  updateSourceMapping,
  getRecordsForObjectType,
  getObjectRecord,
  bulkDeleteObjectRecords,
  getIngestionLogsForObjectType,
];

export interface Route {
  readonly operation: Operation;
  readonly params: Readonly<Record<string, string>>;
}

const PATTERNS = OPERATIONS.map((operation) => ({ operation, parts: operation.path.split("/") }));

export function findRoute(method: string, path: string): Route | undefined {
  const actual = path.split("/");
  for (const { operation, parts } of PATTERNS) {
    if (operation.method !== method) continue;
    const params = matchPath(parts, actual);
    if (params !== undefined) return { operation, params };
  }
  return undefined;
}

function matchPath(expected: readonly string[], actual: readonly string[]): Record<string, string> | undefined {
  if (expected.length !== actual.length) return undefined;
  const params: Record<string, string> = {};
  for (const [index, part] of expected.entries()) {
    const value = actual[index] ?? "";
    if (part.startsWith("{") && part.endsWith("}")) {
      const param = decoded(value);
      if (param === undefined) return undefined;
      params[part.slice(1, -1)] = param;
    } else if (part !== value) {
      return undefined;
    }
  }
  return params;
}

/** Percent-encoding that cannot be decoded names nothing. */
function decoded(part: string): string | undefined {
  try {
    return part === "" ? undefined : decodeURIComponent(part);
  } catch {
    return undefined;
  }
}
