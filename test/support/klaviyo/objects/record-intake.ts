import type { Account } from "../account.ts";
import { judgeRecord } from "./record-judge.ts";
import { linksOf } from "./record-links.ts";

/**
 * Takes the records of one request. They are judged later, by the schema that is active then, and only for types that were
 * active when they were sent: records that nobody was ready for go into the void. Nothing of this shows in the answer.
 */
export function takeRecords(account: Account, sourceId: string, records: readonly unknown[]): void {
  const { objectTypes, timeline, delays, switches } = account;
  if (!switches.customObjects) return;
  const typeIds = objectTypes.activeFrom(sourceId).map(({ type }) => type.id);
  if (typeIds.length === 0) return;
  timeline.after(delays.recordMs, () => {
    for (const record of records) for (const typeId of typeIds) judge(account, sourceId, typeId, record);
  });
}

function judge(
  { objectTypes, profiles, objectRecords, ingestionLog }: Account,
  sourceId: string,
  typeId: string,
  record: unknown,
): void {
  const active = objectTypes.active(typeId);
  if (active === undefined) return;
  const { recordId, properties, problems } = judgeRecord(record, sourceId, active.schema, active.mapping);
  const { links, problems: unlinked } = linksOf(record, sourceId, active.mapping, profiles);
  if (recordId === undefined || problems.length + unlinked.length > 0) {
    ingestionLog.add(typeId, recordId, [...problems, ...unlinked]);
  } else {
    objectRecords.upsert(typeId, recordId, properties, links);
  }
}
