import type { Clock } from "../clock.ts";
import type { Database } from "../db/database.ts";
import { AppError } from "../errors.ts";
import { MAX_JSON_BYTES } from "../http/read-body.ts";
import type { Bundles } from "../passes/bundles.ts";
import type { Changes } from "../passes/changes.ts";
import { createIssuer } from "../passes/issue.ts";
import type { RejectedRequest, RejectedStore } from "../passes/rejected-store.ts";
import { createUpdater } from "../passes/update.ts";
import type { Templates } from "../templates/templates.ts";
import { isRefused } from "./answer-call.ts";
import { createPassApi, type PassApi, type PassPath } from "./pass-api.ts";
import { PASS_CALLS, type PassAnswer, routeOf } from "./pass-calls.ts";

/** Whether a refused call can be sent again: as it was kept, or only with a body that somebody gives. */
export type Replayable = "yes" | "with another body" | "no";

export interface ReplayOptions {
  /** Only a call of this account or of nobody; whose key was refused is taken for one of this account. */
  readonly accountId?: string | undefined;
  /** In the place of the body that was kept. */
  readonly body?: string | undefined;
}

/** What became of one of many. */
export type Replayed =
  | { readonly id: number; readonly ok: true; readonly answer: PassAnswer }
  | { readonly id: number; readonly ok: false; readonly error: string };

export interface ReplayerDependencies {
  readonly db: Database;
  readonly clock: Clock;
  readonly templates: Templates;
  readonly changes: Changes;
  readonly bundles: Bundles;
  readonly rejected: RejectedStore;
  readonly publicUrl: string;
  readonly statusOfError: (error: unknown) => number;
}

export type Replayer = ReturnType<typeof createReplayer>;

const CALLS = new Map(PASS_CALLS.map((call) => [routeOf(call), call]));

/** Whether it is a call that can be replayed, and its body is known. */
export function replayable({ route, path, verbatim }: RejectedRequest): Replayable {
  if (!CALLS.has(route) || path === null) return "no";
  return verbatim ? "yes" : "with another body";
}

/**
 * Sends refused calls again, as the API would take them; whoever runs this vouches for them in the place of a key. They
 * keep their flow and their idempotency key, so that what was issued meanwhile is not issued a second time.
 */
export function createReplayer(deps: ReplayerDependencies) {
  const { db, clock, templates, changes, rejected, statusOfError } = deps;

  /** What the call changes and that it is no longer kept are stored together: of two replays at once, one does nothing. */
  const forgetting = (id: number): Database => ({
    ...db,
    transaction: (work) =>
      db.transaction(async (tx) => {
        const result = await work(tx);
        if (await rejected.remove(tx.query, id)) return result;
        throw new AppError("conflict", `Request ${id} was replayed or removed meanwhile.`);
      }),
  });

  /** The API for that one call, which needs no key. */
  const apiFor = (id: number, accountId: string): PassApi => {
    const own = forgetting(id);
    return createPassApi({
      ...deps,
      issuer: createIssuer({ db: own, clock, changes }),
      updater: createUpdater({ db: own, clock, templates, changes }),
      answer: async (call, _permission, work) => work(accountId, await call.readText(() => {})),
    });
  };

  /**
   * Answers what the API would. Then the call is no longer kept; when it is refused again, it stays, with the new reason
   * where its body is the one that was kept. Throws `not_found`, and what the call itself may.
   */
  async function replay(id: number, { accountId, body }: ReplayOptions = {}): Promise<PassAnswer> {
    const request = await rejected.find(id, accountId);
    if (!request) throw new AppError("not_found", `There is no refused request ${id}.`);
    const { route, path, flowId, idempotencyKey } = request;
    const passCall = CALLS.get(route);
    if (!passCall || path === null) {
      throw new AppError("invalid", `Request ${id} (${route}) is not one that can be replayed.`);
    }
    const into = request.accountId ?? accountId;
    if (into === undefined) {
      throw new AppError("invalid", `The key of request ${id} was refused: say which account it is for.`);
    }
    if (body === undefined && !request.verbatim) {
      throw new AppError(
        "invalid",
        `The body of request ${id} is not kept as it was sent: a secret in it was masked, it was too large, or it was not text. Give the body to send.`,
      );
    }
    const sent = body ?? request.body;
    if (Buffer.byteLength(sent) > MAX_JSON_BYTES) {
      throw new AppError("too_large", `The body is larger than ${MAX_JSON_BYTES / 1024} KB.`);
    }
    const operator = { apiKey: null, accountId: into, clientAddress: () => "" };
    const call = { ...operator, route, path, flowId, idempotencyKey, readText: async () => sent };
    try {
      return await passCall.answer(apiFor(id, into), call, readPath(passCall.path, path));
    } catch (error) {
      const status = statusOfError(error);
      if (body === undefined && isRefused(error, status)) await rejected.renew(id, status, error);
      throw error;
    }
  }

  return {
    replay,

    /**
     * The account's own calls that were refused at `since` or later, the oldest first. Those of nobody are left out: a
     * stranger may have sent them. Throws where the trouble is ours and will pass.
     */
    async replayAll(accountId: string, since = 0): Promise<Replayed[]> {
      const replayed: Replayed[] = [];
      for (const id of await rejected.idsOf(accountId, since)) {
        try {
          replayed.push({ id, ok: true, answer: await replay(id, { accountId }) });
        } catch (error) {
          if (!isRefused(error, statusOfError(error))) throw error;
          replayed.push({ id, ok: false, error: error.message });
        }
      }
      return replayed;
    },
  };
}

/** The parts of a path that its pattern has names for. */
function readPath(pattern: string, path: string): PassPath {
  const names = pattern.split("/");
  const parts = path.split("/").map(decodeURIComponent);
  const part = (name: string): string | undefined => parts[names.indexOf(name)];
  return { template: part(":template") ?? "", serial: part(":serial") };
}
