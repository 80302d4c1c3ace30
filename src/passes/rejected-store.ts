import { and, desc, eq, isNull, lt, sql } from "drizzle-orm";
import type { Clock } from "../clock.ts";
import type { Database } from "../db/database.ts";
import { rejectedRequests } from "../db/schema.ts";
import { type AppError, messageOf, type Problem } from "../errors.ts";
import type { Log } from "../log.ts";
import { type Page, type PageRequest, pageOf } from "../page.ts";
import { maskSecrets } from "../redact.ts";

export interface RejectedRequest {
  readonly id: number;
  readonly at: number;
  readonly route: string;
  readonly flowId: string | null;
  readonly status: number;
  readonly error: string;
  readonly details: readonly Problem[];
  readonly body: string;
}

export interface Refusal {
  /** Null where the caller could not be authenticated. */
  readonly accountId: string | null;
  readonly route: string;
  readonly flowId: string | null;
  readonly status: number;
  readonly error: AppError;
  readonly body: string;
}

export type RejectedStore = ReturnType<typeof createRejectedStore>;

const KEPT_MS = 30 * 24 * 3_600_000;
const KEPT_PER_ACCOUNT = 1_000;
/** Fewer of those that nobody vouches for; strangers cannot push out what customers sent. */
const KEPT_UNAUTHENTICATED = 100;

const maskProblem = ({ path, message }: Problem): Problem => ({
  path: maskSecrets(path),
  message: maskSecrets(message),
});

/** Calls that were refused for their content: Klaviyo never sends them again, so they are kept to be seen and replayed. */
export function createRejectedStore({ db, clock, log }: { db: Database; clock: Clock; log: Log }) {
  return {
    /** Never throws: the refusal itself must be answered, also when the disk is full. */
    async keep({ error, ...refusal }: Refusal): Promise<void> {
      try {
        await db.transaction(async ({ query }) => {
          const [row] = await query
            .insert(rejectedRequests)
            .values({
              ...refusal,
              at: clock.now(),
              error: maskSecrets(error.message),
              // Before they are written as JSON: a mask that eats a backslash would leave something that is none.
              details: JSON.stringify(error.details.map(maskProblem)),
              body: maskSecrets(refusal.body),
            })
            .returning({ id: rejectedRequests.id });
          const mine =
            refusal.accountId === null
              ? isNull(rejectedRequests.accountId)
              : eq(rejectedRequests.accountId, refusal.accountId);
          const cap = refusal.accountId === null ? KEPT_UNAUTHENTICATED : KEPT_PER_ACCOUNT;
          if (row) {
            await query
              .delete(rejectedRequests)
              .where(
                and(
                  mine,
                  sql`${rejectedRequests.id} <= (select id from rejected_requests where ${mine} order by id desc limit 1 offset ${cap})`,
                ),
              );
          }
        });
      } catch (failure) {
        log.error("A refused request could not be kept.", { error: messageOf(failure) });
      }
    },

    /** The newest first; those of nobody are everybody's, because a wrong key may be a customer's. */
    async list(accountId: string, page: PageRequest): Promise<Page<RejectedRequest>> {
      const rows = await db.read
        .select()
        .from(rejectedRequests)
        .where(
          and(
            sql`(${rejectedRequests.accountId} = ${accountId} or ${rejectedRequests.accountId} is null)`,
            page.after ? lt(rejectedRequests.id, Number(page.after)) : undefined,
          ),
        )
        .orderBy(desc(rejectedRequests.id))
        .limit(page.limit + 1);
      const items = rows.map(({ accountId: _, details, ...row }) => ({
        ...row,
        details: JSON.parse(details) as Problem[],
      }));
      return pageOf(items, page.limit, ({ id }) => String(id));
    },

    /** One that the account's list shows. */
    async find(accountId: string, id: number): Promise<RejectedRequest | undefined> {
      const { items } = await this.list(accountId, { limit: 1, after: String(id + 1) });
      return items.find((item) => item.id === id);
    },

    async forgetOld(): Promise<void> {
      await db.transaction(({ query }) =>
        query.delete(rejectedRequests).where(lt(rejectedRequests.at, clock.now() - KEPT_MS)),
      );
    },
  };
}
