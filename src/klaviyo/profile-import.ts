import type { Clock } from "../clock.ts";
import { isObject, type Json, type JsonObject } from "../templates/placeholders.ts";
import type { KlaviyoRequest } from "./client.ts";
import type { Connection } from "./connection-store.ts";
import type { Deliver, DeliveryAnswer } from "./delivery.ts";
import { pause } from "./gates.ts";
import type { LimitFamily } from "./limits.ts";
import { isSuccess } from "./outcome.ts";
import { profileImportRequest } from "./requests.ts";

/** What became of an import. */
export type ImportResult =
  /** Klaviyo has worked on it; what it refused, by place in the list, in its words. */
  | { readonly type: "imported"; readonly errors: ReadonlyMap<number, string> }
  /** It was not taken. */
  | { readonly type: "failed"; readonly answer: DeliveryAnswer }
  /** It was taken, and what came of each profile cannot be told. */
  | { readonly type: "unclear"; readonly reason: string };

export type ProfileImports = ReturnType<typeof createProfileImports>;

const PATH = "/api/profile-bulk-import-jobs";
/** Waits between looks at an import, the last one again and again. */
const LOOK_AFTER_MS = [500, 1_000, 2_000, 4_000, 8_000, 10_000];
/** Longer than Klaviyo takes for a few thousand profiles. */
const GIVE_UP_MS = 10 * 60_000;
const ERRORS_PER_PAGE = 100;
const MAX_ERROR_PAGES = 30;

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
      if (resources.length === 0) return { type: "imported", errors: new Map() };
      const taken = await ask("profileImport", profileImportRequest(resources));
      if (!isSuccess(taken)) return { type: "failed", answer: taken };
      const id = dataOf(taken.body)?.["id"];
      if (typeof id !== "string") return { type: "unclear", reason: "Klaviyo took an import and did not name it." };
      const failedCount = await end(ask, id, signal);
      if (failedCount === undefined)
        return { type: "unclear", reason: `Klaviyo did not finish the import ${id} in time.` };
      if (failedCount === 0) return { type: "imported", errors: new Map() };
      const errors = await errorsOf(ask, id, resources);
      // Who was refused must be known of each: otherwise somebody would be taken for done who is not.
      if (errors?.size === failedCount) return { type: "imported", errors };
      return { type: "unclear", reason: `Klaviyo refused ${failedCount} profiles of the import ${id}.` };
    },
  };

  /** How many profiles were refused, once Klaviyo is through; nothing when it does not say. */
  async function end(ask: Ask, id: string, signal: AbortSignal): Promise<number | undefined> {
    const patientUntil = clock.now() + GIVE_UP_MS;
    for (let look = 0; clock.now() < patientUntil && !signal.aborted; look++) {
      await pause(clock, LOOK_AFTER_MS[Math.min(look, LOOK_AFTER_MS.length - 1)] ?? 0, signal);
      const answer = await ask("profileImportJob", { method: "GET", path: `${PATH}/${encodeURIComponent(id)}` });
      // Trouble that passes does not change what was imported.
      if (answer.type !== "answered" || answer.status === 429 || answer.status >= 500) continue;
      if (!isSuccess(answer)) return undefined;
      const attributes = dataOf(answer.body)?.["attributes"];
      if (!isObject(attributes)) return undefined;
      if (attributes["status"] === "cancelled") return undefined;
      if (attributes["status"] === "complete") {
        return typeof attributes["failed_count"] === "number" ? attributes["failed_count"] : undefined;
      }
    }
    return undefined;
  }

  /** Klaviyo's words on each profile that it refused, by its place in the list. */
  async function errorsOf(
    ask: Ask,
    id: string,
    resources: readonly JsonObject[],
  ): Promise<Map<number, string> | undefined> {
    const placeOf = new Map(resources.flatMap((resource, i) => namesOf(resource).map((name) => [name, i] as const)));
    const errors = new Map<number, string>();
    let cursor: string | null = null;
    for (let page = 0; page < MAX_ERROR_PAGES; page++) {
      const query = `?page%5Bsize%5D=${ERRORS_PER_PAGE}${cursor === null ? "" : `&page%5Bcursor%5D=${encodeURIComponent(cursor)}`}`;
      const path = `${PATH}/${encodeURIComponent(id)}/import-errors${query}`;
      const answer = await ask("profileImportErrors", { method: "GET", path });
      if (!isSuccess(answer) || !isObject(answer.body)) return undefined;
      const { data, links } = answer.body;
      for (const error of Array.isArray(data) ? data.filter(isObject) : []) {
        const attributes = isObject(error["attributes"]) ? error["attributes"] : {};
        const payload = isObject(attributes["original_payload"]) ? attributes["original_payload"] : {};
        const place = namesOf(payload)
          .map((name) => placeOf.get(name))
          .find((found) => found !== undefined);
        if (place === undefined) return undefined;
        errors.set(place, `Klaviyo refused the profile in an import: ${attributes["detail"] ?? attributes["title"]}`);
      }
      cursor = cursorOf(links);
      if (cursor === null) return errors;
    }
    return undefined;
  }
}

type Ask = (family: LimitFamily, request: KlaviyoRequest) => Promise<DeliveryAnswer>;

const dataOf = (body: Json): JsonObject | undefined =>
  isObject(body) && isObject(body["data"]) ? body["data"] : undefined;

/** What tells a profile of an import from the others, whether its identifiers stand in `attributes` or beside it. */
function namesOf(resource: JsonObject): string[] {
  const attributes = isObject(resource["attributes"]) ? resource["attributes"] : resource;
  const named = { id: resource["id"], email: attributes["email"], phone_number: attributes["phone_number"] };
  return Object.entries({ ...named, external_id: attributes["external_id"] }).flatMap(([kind, value]) =>
    typeof value === "string" ? [`${kind} ${value}`] : [],
  );
}

/** Only the cursor is taken from a link: its address may lead anywhere. */
function cursorOf(links: Json | undefined): string | null {
  const next = isObject(links) ? links["next"] : undefined;
  if (typeof next !== "string" || !URL.canParse(next)) return null;
  return new URL(next).searchParams.get("page[cursor]");
}
