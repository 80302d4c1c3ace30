import type { Outcome } from "../outbox/job.ts";
import type { ConnectionRow, ConnectionStore } from "./connection-store.ts";

/**
 * What a job comes to that finds a part of the custom object gone from Klaviyo. Nothing is lost: the set-up, once it has
 * made the object again, sends the record of every pass.
 */
export const objectGone = (
  store: ConnectionStore,
  connection: Pick<ConnectionRow, "accountId" | "klaviyoAccountId">,
  part: string,
): Outcome => ({
  type: "done",
  async record({ query }) {
    const objectsNote = `The ${part} is no longer in Klaviyo. Make it again: passhook klaviyo setup`;
    await store.setObjects(query, connection, { objectsState: "incomplete", objectsNote });
  },
});
