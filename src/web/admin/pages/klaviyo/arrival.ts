import { SAMPLE_EMAIL } from "../../../../passes/milestones-store.ts";
import type { RejectedRequest, RejectedStore } from "../../../../passes/rejected-store.ts";
import type { FoundPass } from "../../../../passes/search/pass-query.ts";
import type { PassSearch } from "../../../../passes/search/search.ts";

/** What came last of the webhooks that issue passes of a template. */
export type Arrival =
  | { readonly type: "none" }
  | { readonly type: "pass"; readonly found: FoundPass }
  | { readonly type: "rejected"; readonly request: RejectedRequest };

const ISSUE_ROUTE = "POST /v1/passes";
const REJECTED_SHOWN_MS = 24 * 3_600_000;

/**
 * A refused request to issue counts whatever it names, since a wrong template may be what is wrong with it; one that is
 * older than the last pass, or than a day, is over.
 */
export async function lastArrival(
  { search, rejected }: { readonly search: PassSearch; readonly rejected: RejectedStore },
  { accountId, templateId, now }: { readonly accountId: string; readonly templateId: string; readonly now: number },
): Promise<Arrival> {
  const [passes, refused] = await Promise.all([
    search.page({ accountId, templateId }, { limit: 2 }),
    rejected.list(accountId, { limit: 1 }, ISSUE_ROUTE),
  ]);
  const found = passes.items.find(({ recipient }) => recipient.email !== SAMPLE_EMAIL);
  const [request] = refused.items;
  const since = Math.max(found?.pass.createdAt ?? 0, now - REJECTED_SHOWN_MS);
  if (request && request.at >= since) return { type: "rejected", request };
  return found ? { type: "pass", found } : { type: "none" };
}
