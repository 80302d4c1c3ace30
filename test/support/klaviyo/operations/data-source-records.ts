import type { Account } from "../account.ts";
import { checkCount, checkItemSizes } from "../batch-limits.ts";
import { invalid } from "../errors.ts";
import {
  DataSourceRecordBulkCreateJobCreateQuery,
  DataSourceRecordCreateJobCreateQuery,
  type IntoDataSource,
} from "../objects/bodies.ts";
import { takeRecords } from "../objects/record-intake.ts";
import { operation } from "../operation.ts";

const MAX_RECORD_BYTES = 512_000;
const RECORDS = "/data/attributes/data-source-records/data";

/** The document leaves the relationship optional, but records must go somewhere. */
function sourceIdOf(relationships: IntoDataSource | undefined, { dataSources }: Account): string {
  const id = relationships?.["data-source"]?.data?.id;
  if (id === undefined) {
    const pointer = "/data/relationships/data-source";
    throw invalid({ pointer, detail: "'data-source' is a required relationship." });
  }
  return dataSources.get(id).id;
}

export const createDataSourceRecord = operation({
  operationId: "create_data_source_record",
  method: "POST",
  path: "/api/data-source-record-create-jobs",
  limits: { burst: 75, steady: 750 },
  scopes: ["custom-objects:write"],
  body: DataSourceRecordCreateJobCreateQuery,
  maxBodyBytes: MAX_RECORD_BYTES,
  handle({ body }, account) {
    const { attributes, relationships } = body.data;
    const record = attributes["data-source-record"].data.attributes.record;
    takeRecords(account, sourceIdOf(relationships, account), [record]);
    return { status: 204 };
  },
});

export const bulkCreateDataSourceRecords = operation({
  operationId: "bulk_create_data_source_records",
  method: "POST",
  path: "/api/data-source-record-bulk-create-jobs",
  limits: { burst: 3, steady: 15 },
  scopes: ["custom-objects:write"],
  body: DataSourceRecordBulkCreateJobCreateQuery,
  maxBodyBytes: 4_000_000,
  handle({ body }, account) {
    const { attributes, relationships } = body.data;
    const records = (attributes["data-source-records"]?.data ?? []).map((one) => one.attributes.record);
    checkCount(records, 500, RECORDS);
    checkItemSizes(records, MAX_RECORD_BYTES, RECORDS);
    takeRecords(account, sourceIdOf(relationships, account), records);
    return { status: 204 };
  },
});
