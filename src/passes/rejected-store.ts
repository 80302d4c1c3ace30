import { and, asc, desc, eq, gte, isNull, lt, or, sql } from "drizzle-orm";
import type { Clock } from "../clock.ts";
import type { Database, Queries } from "../db/database.ts";
import { rejectedRequests } from "../db/schema.ts";
import { AppError, messageOf, type Problem } from "../errors.ts";
import type { Log } from "../log.ts";
import { type Page, type PageRequest, pageOf } from "../page.ts";
import { maskSecrets } from "../redact.ts";

/** A call as it came, and why it was refused. */
export interface RejectedRequest {
  readonly id: number;
  /** Null where the caller could not be authenticated. */
  readonly accountId: string | null;
  readonly at: number;
  /** Method and path pattern. */
  readonly route: string;
  /** Null in those that an older version kept. */
  readonly path: string | null;
  readonly flowId: string | null;
  readonly idempotencyKey: string | null;
  readonly status: number;
  readonly error: string;
  readonly details: readonly Problem[];
  readonly body: string;
  /** Whether the body is what was sent, with nothing masked or cut off. */
  readonly verbatim: boolean;
}

export interface Refusal extends Omit<RejectedRequest, "id" | "at" | "error" | "details" | "verbatim"> {
  readonly error: AppError;
  /** Whether `body` is all that was sent. */
  readonly isWhole: boolean;
}

export type RejectedStore = ReturnType<typeof createRejectedStore>;

const KEPT_MS = 30 * 24 * 3_600_000;
const KEPT_PER_ACCOUNT = 1_000;
/** Fewer of those that nobody vouches for; strangers cannot push out what customers sent. */
const KEPT_UNAUTHENTICATED = 100;

/** Details are masked before they are written as JSON: a mask that eats a backslash would leave something that is none. */
const reasonOf = ({ message, details }: AppError) => ({
  error: maskSecrets(message),
  details: JSON.stringify(
    details.map((problem) => ({ path: maskSecrets(problem.path), message: maskSecrets(problem.message) })),
  ),
});

/** Calls that were refused for their content: Klaviyo never sends them again, so they are kept to be seen and replayed. */
export function createRejectedStore({ db, clock, log }: { db: Database; clock: Clock; log: Log }) {
  async function insert(query: Queries, { error, body: sent, isWhole, ...refusal }: Refusal): Promise<void> {
    const body = maskSecrets(sent);
    await query
      .insert(rejectedRequests)
      .values({ ...refusal, ...reasonOf(error), at: clock.now(), body, verbatim: isWhole && body === sent });
    const { accountId } = refusal;
    const mine = accountId === null ? isNull(rejectedRequests.accountId) : eq(rejectedRequests.accountId, accountId);
    const cap = accountId === null ? KEPT_UNAUTHENTICATED : KEPT_PER_ACCOUNT;
    const firstTooMany = sql`(select id from rejected_requests where ${mine} order by id desc limit 1 offset ${cap})`;
    await query.delete(rejectedRequests).where(and(mine, sql`${rejectedRequests.id} <= ${firstTooMany}`));
  }

  return {
    /** Throws `unavailable` when it cannot be stored now: then the call must be sent again. */
    async keep(refusal: Refusal): Promise<void> {
      try {
        await db.transaction(({ query }) => insert(query, refusal));
      } catch (failure) {
        if (failure instanceof AppError && failure.code === "unavailable") throw failure;
        log.error("A refused request could not be kept.", { error: messageOf(failure) });
      }
    },

    /** The newest first; of one route, where it is given. */
    async list(accountId: string, page: PageRequest, route?: string): Promise<Page<RejectedRequest>> {
      const rows = await db.read
        .select()
        .from(rejectedRequests)
        .where(
          and(
            visibleTo(accountId),
            page.after ? lt(rejectedRequests.id, Number(page.after)) : undefined,
            route === undefined ? undefined : eq(rejectedRequests.route, route),
          ),
        )
        .orderBy(desc(rejectedRequests.id))
        .limit(page.limit + 1);
      return pageOf(rows.map(toRequest), page.limit, ({ id }) => String(id));
    },

    /** One of the account or of nobody; without an account, whoever's it is. */
    async find(id: number, accountId: string | undefined): Promise<RejectedRequest | undefined> {
      const seen = accountId === undefined ? undefined : visibleTo(accountId);
      const rows = await db.read
        .select()
        .from(rejectedRequests)
        .where(and(eq(rejectedRequests.id, id), seen));
      return rows[0] && toRequest(rows[0]);
    },

    /** Ids of the account's own, kept at `since` or later, oldest first. */
    async idsOf(accountId: string, since: number): Promise<number[]> {
      const rows = await db.read
        .select({ id: rejectedRequests.id })
        .from(rejectedRequests)
        .where(and(eq(rejectedRequests.accountId, accountId), gte(rejectedRequests.at, since)))
        .orderBy(asc(rejectedRequests.id));
      return rows.map(({ id }) => id);
    },

    /** Removes one; false when it is not there any more. */
    async remove(query: Queries, id: number): Promise<boolean> {
      const rows = await query
        .delete(rejectedRequests)
        .where(eq(rejectedRequests.id, id))
        .returning({ id: rejectedRequests.id });
      return rows.length > 0;
    },

    /** Notes why it was refused once more. */
    async renew(id: number, status: number, error: AppError): Promise<void> {
      await db.transaction(({ query }) =>
        query
          .update(rejectedRequests)
          .set({ status, ...reasonOf(error) })
          .where(eq(rejectedRequests.id, id)),
      );
    },

    async forgetOld(): Promise<void> {
      await db.transaction(({ query }) =>
        query.delete(rejectedRequests).where(lt(rejectedRequests.at, clock.now() - KEPT_MS)),
      );
    },
  };
}

/** Those of nobody are everybody's, because a wrong key may be a customer's. */
const visibleTo = (accountId: string) =>
  or(eq(rejectedRequests.accountId, accountId), isNull(rejectedRequests.accountId));

const toRequest = ({ details, ...row }: typeof rejectedRequests.$inferSelect): RejectedRequest => ({
  ...row,
  details: JSON.parse(details),
});
