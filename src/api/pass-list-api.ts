import type { PassPackages } from "../apple/pass-packages.ts";
import type { Clock } from "../clock.ts";
import type { Database } from "../db/database.ts";
import { AppError } from "../errors.ts";
import { pageOf } from "../page.ts";
import { livePasses } from "../passes/live-passes.ts";
import type { Pass } from "../passes/pass.ts";
import type { Updater } from "../passes/update.ts";
import type { JsonObject } from "../templates/placeholders.ts";
import type { Templates } from "../templates/templates.ts";
import type { AnswerCall, ApiCall } from "./answer-call.ts";
import { passObject } from "./pass-object.ts";
import type { PassList } from "./schemas/pass.ts";

export interface PassListApiDependencies {
  readonly answer: AnswerCall;
  readonly db: Database;
  readonly clock: Clock;
  readonly templates: Templates;
  readonly updater: Updater;
  readonly packages: PassPackages;
  readonly publicUrl: string;
}

export type PassListApi = ReturnType<typeof createPassListApi>;

/** As they stand in the address. */
export interface PageQuery {
  readonly limit?: string | undefined;
  readonly after?: string | undefined;
}

/** PassNinja's lists of passes, and a pass as a phone gets it. */
export function createPassListApi(deps: PassListApiDependencies) {
  const { answer, db, clock, templates, updater, packages, publicUrl } = deps;

  return {
    /** One page. Deleted passes are not listed: what clients do with a list would fail with them. */
    page: (call: ApiCall, id: string, query: PageQuery): Promise<PassList> =>
      answer(call, "read", async (accountId) => {
        const limit = readLimit(query.limit);
        const template = await templates.current(accountId, id);
        const rows: Pass[] = [];
        for await (const passes of livePasses(db.read, template, query.after)) {
          rows.push(...passes);
          if (rows.length > limit) break;
        }
        const { items, next } = pageOf(rows, limit, ({ serial }) => serial);
        return { passes: items.map((pass) => passObject(pass, template, publicUrl, clock.now())), next };
      }),

    /** All passes, as the pieces of a `PassList`: they are read from the database while they are sent. */
    all: (call: ApiCall, id: string, { after }: PageQuery): Promise<AsyncGenerator<string>> =>
      answer(call, "read", async (accountId) => {
        const template = await templates.current(accountId, id);
        return (async function* () {
          yield '{"passes":[';
          let separator = "";
          for await (const passes of livePasses(db.read, template, after)) {
            if (passes.length === 0) continue;
            yield separator +
              passes.map((pass) => JSON.stringify(passObject(pass, template, publicUrl, clock.now()))).join(",");
            separator = ",";
          }
          yield '],"next":null}';
        })();
      }),

    /** pass.json as it is in the package now. */
    raw: (call: ApiCall, templateId: string, serial: string): Promise<JsonObject> =>
      answer(call, "read", async (accountId) => {
        const whole = await updater.find({ accountId, serial, templateId });
        return (await packages.of(whole)).passJson();
      }),

    decrypt: (call: ApiCall): Promise<never> =>
      answer(call, "read", async () => {
        throw new AppError("not_implemented", "Passhook does not decrypt NFC payloads.");
      }),
  };
}

function readLimit(text = ""): number {
  const limit = Number(text);
  if (/^\d+$/.test(text) && limit >= 1 && limit <= 1_000) return limit;
  const message = "must be a whole number from 1 to 1000";
  throw new AppError("invalid", `limit ${message}.`, { details: [{ path: "limit", message }] });
}
