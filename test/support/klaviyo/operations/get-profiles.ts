import { invalidParameter } from "../errors.ts";
import type { Operation } from "../operation.ts";
import type { FakeProfile } from "../profile.ts";
import { checkQuery, profileResource } from "../profile-resource.ts";
import type { ProfileStore } from "../profile-store.ts";

const EQUALS = /^equals\((id|email|phone_number|external_id),(?:"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)')\)$/;

function filtered(profiles: ProfileStore, filter: string | null): readonly FakeProfile[] {
  if (filter === null) return [...profiles.all.values()];
  const match = EQUALS.exec(filter);
  if (match === null) throw invalidParameter("filter", `Invalid filter provided: ${filter}`);
  const field = match[1] as "id" | "email" | "phone_number" | "external_id";
  const value = (match[2] ?? match[3] ?? "").replace(/\\(.)/g, "$1");
  const found = field === "id" ? profiles.all.get(value) : profiles.ownerOf(field, value);
  return found === undefined ? [] : [found];
}

function pageSize(text: string | null): number {
  if (text === null) return 20;
  const size = Number(text);
  if (Number.isInteger(size) && size >= 1 && size <= 100) return size;
  throw invalidParameter("page[size]", "Page size must be an integer between 1 and 100.");
}

/** A cursor is the id of the first profile of its page; Klaviyo's are opaque. */
function startOf(profiles: readonly FakeProfile[], cursor: string | null): number {
  if (cursor === null) return 0;
  const start = profiles.findIndex((profile) => profile.id === cursor);
  if (start < 0) throw invalidParameter("page[cursor]", "Invalid page cursor.");
  return start;
}

export const getProfiles: Operation = {
  operationId: "get_profiles",
  method: "GET",
  path: "/api/profiles",
  limits: { burst: 75, steady: 750 },
  handle(call, { profiles }) {
    checkQuery(call.query, ["filter", "fields[profile]", "page[size]", "page[cursor]"]);
    const found = filtered(profiles, call.query.get("filter"));
    const start = startOf(found, call.query.get("page[cursor]"));
    const size = pageSize(call.query.get("page[size]"));
    const following = found[start + size];
    let next: string | null = null;
    if (following !== undefined) {
      const query = new URLSearchParams(call.query);
      query.set("page[cursor]", following.id);
      next = `${call.origin}/api/profiles?${query}`;
    }
    const data = found.slice(start, start + size).map((profile) => profileResource(profile, call));
    return { status: 200, body: { data, links: { self: call.origin + call.target, next, prev: null } } };
  },
};
