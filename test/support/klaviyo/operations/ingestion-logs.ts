import type { Account } from "../account.ts";
import { type FilterRules, fulfils, parseFilter } from "../filter.ts";
import { formatInstant } from "../instants.ts";
import { type Attributes, included, pageOf, relationship, sparse } from "../json-api.ts";
import type { FakeIngestionLogEntry } from "../objects/ingestion-log.ts";
import { recordResource, typeResource } from "../objects/object-resources.ts";
import type { Call, Operation } from "../operation.ts";
import { requireType } from "./object-records.ts";

const FILTERS: FilterRules = {
  record_id: ["equals"],
  status: ["equals", "any"],
  event_type: ["equals", "any"],
  timestamp: ["greater-or-equal", "less-than"],
};

const compoundId = ({ typeId, recordId }: FakeIngestionLogEntry) => `${typeId}:::${recordId}`;

function entryResource(entry: FakeIngestionLogEntry, call: Call): Attributes {
  const self = `${call.origin}/api/object-ingestion-logs/${entry.id}/`;
  const attributes = {
    status: entry.status,
    event_type: entry.eventType,
    timestamp: formatInstant(entry.timestamp),
    summary: entry.summary,
    errors: entry.errors,
  };
  const record = entry.recordId === undefined ? null : { type: "object-record", id: compoundId(entry) };
  return {
    type: "object-ingestion-log",
    id: entry.id,
    attributes: sparse("object-ingestion-log", attributes, call.query),
    relationships: {
      "object-type": relationship(self, "object-type", { type: "object-type", id: entry.typeId }),
      "object-record": relationship(self, "object-record", record),
    },
    links: { self },
  };
}

function includedWith(entries: readonly FakeIngestionLogEntry[], call: Call, account: Account): readonly Attributes[] {
  const names = included(call.query, ["object-record", "object-type"]);
  const typeIds = names.has("object-type") ? new Set(entries.map(({ typeId }) => typeId)) : [];
  const recordIds = names.has("object-record") ? new Set(entries.map(compoundId)) : [];
  return [
    ...[...typeIds].map((id) => typeResource(account.objectTypes.getType(id), call, account)),
    // An earlier version of a refused record may be there.
    ...[...recordIds].flatMap((id) => {
      const record = account.objectRecords.all.get(id);
      return record === undefined ? [] : [recordResource(record, call)];
    }),
  ];
}

export const getIngestionLogsForObjectType: Operation = {
  operationId: "get_ingestion_logs_for_object_type",
  method: "GET",
  path: "/api/object-types/{id}/object-ingestion-logs",
  limits: { burst: 1, steady: 15 },
  scopes: ["custom-objects:read"],
  query: [
    "filter",
    "fields[object-ingestion-log]",
    "fields[object-record]",
    "fields[object-type]",
    "include",
    "page[cursor]",
  ],
  handle(call, account) {
    const conditions = parseFilter(call.query.get("filter"), FILTERS);
    const found = account.ingestionLog.ofType(requireType(call.params["id"], account)).filter((entry) =>
      fulfils(conditions, (field) => {
        if (field === "record_id") return entry.recordId ?? null;
        if (field === "status") return entry.status;
        return field === "event_type" ? entry.eventType : entry.timestamp / 1_000;
      }),
    );
    const { items, links } = pageOf(found, call, { defaultSize: 50 });
    const data = items.map((entry) => entryResource(entry, call));
    const body = call.query.has("include")
      ? { data, included: includedWith(items, call, account), links }
      : { data, links };
    return { status: 200, body };
  },
};
