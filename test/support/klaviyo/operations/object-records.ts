import type { Account } from "../account.ts";
import { checkCount } from "../batch-limits.ts";
import { notFound } from "../errors.ts";
import { documentOf, pageOf } from "../json-api.ts";
import { ObjectRecordDeleteJobCreateQuery } from "../objects/bodies.ts";
import { recordResource } from "../objects/object-resources.ts";
import { type Operation, operation } from "../operation.ts";

const LIMITS = { burst: 3, steady: 60 };

/** Here the wording is another than where the type itself is asked for (recorded). */
export function requireType(typeId: string | undefined, { objectTypes }: Account): string {
  const type = objectTypes.all.get(typeId ?? "");
  if (type === undefined) throw notFound(`Object type \`${typeId}\` not found`);
  return type.id;
}

const typeOfRecord = (id: string) => id.split(":::")[0];

export const getRecordsForObjectType: Operation = {
  operationId: "get_records_for_object_type",
  method: "GET",
  path: "/api/object-types/{id}/object-records",
  limits: LIMITS,
  scopes: ["custom-objects:read"],
  query: ["fields[object-record]", "page[size]", "page[cursor]"],
  handle(call, account) {
    const records = account.objectRecords.ofType(requireType(call.params["id"], account));
    const { items, links } = pageOf(records, call, { defaultSize: 20, maxSize: 100 });
    return { status: 200, body: { data: items.map((record) => recordResource(record, call)), links } };
  },
};

export const getObjectRecord: Operation = {
  operationId: "get_object_record",
  method: "GET",
  path: "/api/object-records/{id}",
  limits: LIMITS,
  scopes: ["custom-objects:read"],
  query: ["fields[object-record]"],
  handle(call, account) {
    const id = call.params["id"] ?? "";
    requireType(typeOfRecord(id), account);
    const record = account.objectRecords.all.get(id);
    if (record === undefined) throw notFound(`Object record \`${id}\` not found`);
    return { status: 200, body: documentOf(call, recordResource(record, call)) };
  },
};

export const bulkDeleteObjectRecords = operation({
  operationId: "bulk_delete_object_records",
  method: "POST",
  path: "/api/object-record-bulk-delete-jobs",
  limits: LIMITS,
  scopes: ["custom-objects:write"],
  body: ObjectRecordDeleteJobCreateQuery,
  handle({ body }, account) {
    const { timeline, delays, objectRecords } = account;
    const records = body.data.relationships["object-records"].data ?? [];
    checkCount(records, 500, "/data/relationships/object-records/data");
    for (const { id } of records) requireType(typeOfRecord(id), account);
    timeline.after(delays.recordMs, () => {
      for (const { id } of records) objectRecords.delete(id);
    });
    return { status: 202 };
  },
});
