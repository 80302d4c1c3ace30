import { invalidParameter } from "./errors.ts";
import type { Call } from "./operation.ts";

export type Attributes = Readonly<Record<string, unknown>>;

/** The query parameters of an operation are closed too: an option the fake does not model must not pass unnoticed. */
export function checkQuery(query: URLSearchParams, allowed: readonly string[]): void {
  for (const name of query.keys()) {
    if (!allowed.includes(name)) throw invalidParameter(name, `'${name}' is not a parameter of this endpoint here.`);
  }
}

/** The attributes that `fields[type]` selects, `location.city` as a part of `location`; all when it is absent. */
export function sparse(type: string, attributes: Attributes, query: URLSearchParams): Attributes {
  const name = `fields[${type}]`;
  const fields = query.get(name);
  if (fields === null) return attributes;
  const selected: Record<string, unknown> = {};
  for (const field of fields.split(",")) {
    const [outer = "", inner] = field.split(".");
    const value = attributes[outer];
    if (inner === undefined && outer in attributes) selected[outer] = value;
    else if (inner !== undefined && isRecord(value) && inner in value) {
      selected[outer] = { ...(isRecord(selected[outer]) ? selected[outer] : {}), [inner]: value[inner] };
    } else if (field !== "id") throw invalidParameter(name, `'${field}' is not a field of the resource '${type}'.`);
  }
  return selected;
}

function isRecord(value: unknown): value is Attributes {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The names that `include` asks for. */
export function included(query: URLSearchParams, allowed: readonly string[]): ReadonlySet<string> {
  const names = query.get("include")?.split(",") ?? [];
  for (const name of names) {
    if (!allowed.includes(name))
      throw invalidParameter("include", `'${name}' is not a relationship that can be included.`);
  }
  return new Set(names);
}

/** One end of a relationship: its links, and its data where Klaviyo gives them. */
export function relationship(self: string, name: string, data?: unknown): Attributes {
  return {
    ...(data === undefined ? {} : { data }),
    links: { self: `${self}relationships/${name}/`, related: `${self}${name}/` },
  };
}

export function documentOf(call: Call, data: unknown, includedResources?: readonly unknown[]): unknown {
  return {
    data,
    ...(includedResources === undefined ? {} : { included: includedResources }),
    links: { self: call.origin + call.target },
  };
}

export interface PageRules {
  readonly defaultSize: number;
  /** Absent where Klaviyo takes no `page[size]`. */
  readonly maxSize?: number;
}

export interface Page<T> {
  readonly items: readonly T[];
  readonly links: { readonly self: string; readonly next: string | null; readonly prev: null };
}

/** A cursor is the id of the first resource of its page (recorded for data sources; opaque elsewhere). */
export function pageOf<T extends { readonly id: string }>(all: readonly T[], call: Call, rules: PageRules): Page<T> {
  const size = pageSize(call.query.get("page[size]"), rules);
  const cursor = call.query.get("page[cursor]");
  const start = cursor === null ? 0 : all.findIndex(({ id }) => id === cursor);
  if (start < 0) throw invalidParameter("page[cursor]", "Invalid page cursor.");
  const following = all[start + size];
  let next: string | null = null;
  if (following !== undefined) {
    const url = new URL(call.origin + call.target);
    url.searchParams.set("page[cursor]", following.id);
    next = url.href;
  }
  return { items: all.slice(start, start + size), links: { self: call.origin + call.target, next, prev: null } };
}

function pageSize(text: string | null, { defaultSize, maxSize = defaultSize }: PageRules): number {
  if (text === null) return defaultSize;
  const size = Number(text);
  if (Number.isInteger(size) && size >= 1 && size <= maxSize) return size;
  throw invalidParameter("page[size]", `Page size must be an integer between 1 and ${maxSize}.`);
}
