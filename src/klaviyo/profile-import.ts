import type { Clock } from "../clock.ts";
import { isObject, type Json, type JsonObject } from "../templates/placeholders.ts";
import type { KlaviyoRequest } from "./client.ts";
import type { Connection } from "./connection-store.ts";
import type { Deliver, DeliveryAnswer } from "./delivery.ts";
import { pause } from "./gates.ts";
import { at, listAt, nextCursor, textAt } from "./json-api.ts";
import type { LimitFamily } from "./limits.ts";
import { failureOf, isSuccess } from "./outcome.ts";
import { profileImportRequest } from "./requests.ts";

/** What became of an import. */
export type ImportResult =
  /** Klaviyo has worked on it; what it refused, by place in the list, in its words. */
  | { readonly type: "imported"; readonly errors: ReadonlyMap<number, string> }
  /** Klaviyo did not take it, or does not let this key see what came of it. */
  | { readonly type: "failed"; readonly asked: LimitFamily; readonly answer: DeliveryAnswer }
  /** What came of each profile cannot be told; Klaviyo may still be at work on it. */
  | { readonly type: "unclear"; readonly reason: string };

export type ProfileImports = ReturnType<typeof createProfileImports>;

const PATH = "/api/profile-bulk-import-jobs";
/** Waits before each look at an import, the last one again and again. */
const LOOK_AFTER_MS = [500, 1_000, 2_000, 4_000, 8_000, 10_000];
/**
 * Far longer than Klaviyo takes for a few thousand profiles. What is written before an import is through may be
 * overwritten by it, so patience costs less than a profile that says what was true before.
 */
const GIVE_UP_MS = 60 * 60_000;
const ERRORS_PER_PAGE = 100;
const MAX_ERROR_PAGES = 30;

type Look = (
  family: LimitFamily,
  path: string,
  isThere?: (body: Json) => boolean,
) => Promise<DeliveryAnswer | undefined>;

const unclear = (reason: string): ImportResult => ({ type: "unclear", reason });

/** Imports of many profiles. Klaviyo takes them first and works on them afterwards, so the end is waited for. */
export function createProfileImports({ clock, deliver }: { readonly clock: Clock; readonly deliver: Deliver }) {
  return {
    async run(
      accountId: string,
      connection: Connection,
      resources: readonly JsonObject[],
      signal: AbortSignal,
    ): Promise<ImportResult> {
      const ask = async (family: LimitFamily, request: KlaviyoRequest): Promise<DeliveryAnswer> =>
        (await deliver({ accountId, connection, family, request, signal })).answer;

      /** Looks until something is there, or Klaviyo refuses; nothing when it takes too long. */
      const look: Look = async (family, path, isThere = () => true) => {
        const patientUntil = clock.now() + GIVE_UP_MS;
        for (let looks = 0; clock.now() < patientUntil && !signal.aborted; looks++) {
          await pause(clock, LOOK_AFTER_MS[Math.min(looks, LOOK_AFTER_MS.length - 1)] ?? 0, signal);
          const answer = await ask(family, { method: "GET", path });
          // Trouble that passes does not change what was imported.
          if (answer.type !== "answered" || answer.status === 429 || answer.status >= 500) continue;
          if (!isSuccess(answer) || isThere(answer.body)) return answer;
        }
        return undefined;
      };

      if (resources.length === 0) return { type: "imported", errors: new Map() };
      const taken = await ask("profileImport", profileImportRequest(resources));
      if (!isSuccess(taken)) {
        const failure = failureOf(taken, "profileImport");
        return failure.type === "retry"
          ? unclear(failure.reason)
          : { type: "failed", asked: "profileImport", answer: taken };
      }
      const id = textAt(taken.body, "data", "id");
      if (id === undefined) return unclear("Klaviyo took an import and did not name it.");
      const path = `${PATH}/${encodeURIComponent(id)}`;
      const end = await look("profileImportJob", path, isThrough);
      if (end === undefined) return unclear(`Klaviyo did not finish the import ${id} within an hour.`);
      if (!isSuccess(end)) return { type: "failed", asked: "profileImportJob", answer: end };
      if (statusOf(end.body) === "cancelled") return unclear(`Klaviyo cancelled the import ${id}.`);
      const failedCount = at(end.body, "data", "attributes", "failed_count");
      if (typeof failedCount !== "number") return unclear(`Klaviyo does not say what came of the import ${id}.`);
      if (failedCount === 0) return { type: "imported", errors: new Map() };
      const result = await errorsOf(look, path, resources);
      // Who was refused must be known of each: otherwise somebody would be taken for done who is not.
      if (result.type !== "imported" || result.errors.size === failedCount) return result;
      return unclear(`Klaviyo refused ${failedCount} profiles of the import ${id} and does not say which.`);
    },
  };

  /** Klaviyo's words on each profile that it refused. */
  async function errorsOf(look: Look, path: string, resources: readonly JsonObject[]): Promise<ImportResult> {
    const placeOf = new Map(resources.flatMap((resource, i) => namesOf(resource).map((name) => [name, i] as const)));
    const errors = new Map<number, string>();
    let cursor: string | undefined;
    for (let page = 0; page < MAX_ERROR_PAGES; page++) {
      const query = `?page%5Bsize%5D=${ERRORS_PER_PAGE}${cursor === undefined ? "" : `&page%5Bcursor%5D=${encodeURIComponent(cursor)}`}`;
      const answer = await look("profileImportErrors", `${path}/import-errors${query}`);
      if (answer === undefined) return unclear("Klaviyo does not show which profiles of an import it refused.");
      if (!isSuccess(answer)) return { type: "failed", asked: "profileImportErrors", answer };
      for (const error of listAt(answer.body, "data")) {
        const payload = at(error, "attributes", "original_payload");
        const place = (isObject(payload) ? namesOf(payload) : [])
          .map((name) => placeOf.get(name))
          .find((found) => found !== undefined);
        // Then there are fewer than Klaviyo counts.
        if (place === undefined) continue;
        const reason = textAt(error, "attributes", "detail") ?? textAt(error, "attributes", "title");
        errors.set(place, `Klaviyo refused the profile in an import: ${reason ?? "no reason given"}`);
      }
      cursor = nextCursor(answer.body);
      if (cursor === undefined) break;
    }
    return { type: "imported", errors };
  }
}

const statusOf = (body: Json): string | undefined => textAt(body, "data", "attributes", "status");
const isThrough = (body: Json): boolean => ["complete", "cancelled"].includes(statusOf(body) ?? "");

/** What tells a profile of an import from the others, whether its identifiers stand in `attributes` or beside it. */
function namesOf(resource: JsonObject): string[] {
  const attributes = isObject(resource["attributes"]) ? resource["attributes"] : resource;
  const named = { id: resource["id"], email: attributes["email"], phone_number: attributes["phone_number"] };
  return Object.entries({ ...named, external_id: attributes["external_id"] }).flatMap(([kind, value]) =>
    typeof value === "string" ? [`${kind} ${value}`] : [],
  );
}
