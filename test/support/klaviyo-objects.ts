import type { KlaviyoAnswer, KlaviyoClient, KlaviyoRequest } from "../../src/klaviyo/client.ts";
import type { Json } from "../../src/templates/placeholders.ts";

interface Mapping {
  readonly id: string;
  attributes: Record<string, Json>;
}
interface Schema {
  readonly id: string;
  status: "draft" | "publishing" | "active";
  readonly properties: readonly { readonly id: number; readonly name: string }[];
  readonly mapping: Mapping;
  relationshipId: string | undefined;
  pollsUntilActive: number;
}
interface ObjectType {
  readonly id: string;
  readonly title: string;
  readonly schema: Schema;
}

/** The custom objects of one Klaviyo account, without a network: enough of them to notice a wrong order or body. */
export interface KlaviyoObjects {
  readonly client: KlaviyoClient;
  readonly dataSources: { readonly id: string; readonly title: string }[];
  readonly types: ObjectType[];
  readonly requests: KlaviyoRequest[];
  /** Of the ingestion logs, the newest first. */
  readonly logs: Json[];
  /** Answers instead, once for each entry; nothing is applied. */
  readonly failures: KlaviyoAnswer[];
  hasEntitlement: boolean;
  /** Called before and after each request is applied; what it awaits never ends when the caller is to die there. */
  hook: (when: "before" | "after", request: KlaviyoRequest) => Promise<void>;
}

const PAGE = 50;
const answered = (status: number, body: Json = null): KlaviyoAnswer => ({
  type: "answered",
  status,
  body,
  retryAfterMs: undefined,
});
export const refused = (status: number, code: string, detail: string): KlaviyoAnswer =>
  answered(status, { errors: [{ status, code, title: code, detail, source: { pointer: "/data" } }] });

export function startKlaviyoObjects(): KlaviyoObjects {
  let ids = 0;
  const newId = (prefix: string) => `${prefix}${String(++ids).padStart(4, "0")}`;

  const account: KlaviyoObjects = {
    dataSources: [],
    types: [],
    requests: [],
    logs: [],
    failures: [],
    hasEntitlement: true,
    hook: async () => {},
    async client(_, request) {
      account.requests.push(request);
      await account.hook("before", request);
      const answer = account.failures.shift() ?? apply(request);
      await account.hook("after", request);
      return answer;
    },
  };

  function apply({ method, path, body }: KlaviyoRequest): KlaviyoAnswer {
    const url = new URL(path, "https://klaviyo.test");
    const [, , collection = "", id = "", ...rest] = url.pathname.split("/");
    const route = [method, collection, ...(id ? [":id"] : []), ...rest].join(" ");
    // What the caller sends, as these tests look at it.
    const data = (body as { data?: never } | undefined)?.data as Sent | undefined;
    if (/object-(types|schemas)|source-mappings/.test(collection) && !account.hasEntitlement) {
      return refused(403, "forbidden", "Entitlement to create object type not found.");
    }
    switch (route) {
      case "GET data-sources":
        return page(
          account.dataSources.map(({ id: source, title }) => ({ id: source, attributes: { title } })),
          url,
        );
      case "POST data-sources": {
        const title = data?.attributes["title"];
        if (typeof title !== "string") return refused(400, "invalid", "'title' is a required field.");
        if (account.dataSources.some((one) => one.title === title))
          return refused(400, "invalid", "The title is taken.");
        const made = { id: newId("01DS"), title };
        account.dataSources.push(made);
        return answered(201, { data: { type: "data-source", id: made.id, attributes: { title } } });
      }
      case "GET object-types":
        return page(
          account.types.map(({ id: type, title }) => ({ id: type, attributes: { title } })),
          url,
        );
      case "POST object-types":
        return createType(data);
      case "GET object-types :id": {
        const type = account.types.find((one) => one.id === id);
        if (!type) return refused(404, "not_found", `object-type with id ${id} does not exist`);
        const schema = { data: { type: "object-schema", id: type.schema.id } };
        const isActive = type.schema.status === "active";
        return answered(200, {
          data: {
            id,
            attributes: { title: type.title },
            relationships: {
              "current-schema": isActive ? schema : { data: null },
              "draft-schema": isActive ? { data: null } : schema,
            },
          },
        });
      }
      case "GET object-types :id object-ingestion-logs":
        return account.types.some((one) => one.id === id)
          ? page(account.logs, url)
          : refused(404, "not_found", `object-type with id ${id} does not exist`);
      case "PATCH source-mappings :id":
        return updateMapping(id, data);
      default:
        return collection === "object-schemas" ? schemaRoute(route, id, data) : refused(404, "not_found", route);
    }
  }

  function schemaRoute(route: string, id: string, data: Sent | undefined): KlaviyoAnswer {
    const schema = account.types.map((type) => type.schema).find((one) => one.id === id);
    // Recorded: 500 instead of 404 for relationships of an unknown schema.
    if (!schema) return refused(500, "error", "A server error occurred.");
    switch (route) {
      case "GET object-schemas :id":
        if (schema.status === "publishing" && --schema.pollsUntilActive <= 0) schema.status = "active";
        return answered(200, {
          data: { id, attributes: { status: schema.status, properties: [...schema.properties] } },
          included: schema.relationshipId
            ? [
                {
                  type: "profile-object-schema",
                  id: "profile",
                  attributes: { meta: { relationship_id: schema.relationshipId } },
                },
              ]
            : [],
        });
      case "GET object-schemas :id source-mapping":
        return answered(200, { data: { id: schema.mapping.id, attributes: schema.mapping.attributes } });
      case "GET object-schemas :id relationships profile-object-schemas":
        return answered(200, { data: schema.relationshipId ? [{ type: "profile-object-schema", id: "profile" }] : [] });
      case "POST object-schemas :id relationships profile-object-schemas":
        if (schema.status !== "draft") return refused(500, "error", "A server error occurred.");
        if (schema.relationshipId) return refused(409, "invalid", "The relationship exists.");
        schema.relationshipId = newId("01RL");
        return answered(204);
      case "PATCH object-schemas :id":
        // Recorded: a second activation fails in this way.
        if (schema.status !== "draft" || data?.id !== id) return refused(500, "error", "A server error occurred.");
        if (!schema.mapping.attributes["relationship_mappings"])
          return refused(400, "invalid", "The relationship is not mapped.");
        schema.status = "publishing";
        schema.pollsUntilActive = 3;
        return answered(200, { data: { id, attributes: { status: "publishing" } } });
      default:
        return refused(404, "not_found", route);
    }
  }

  function createType(data: Sent | undefined): KlaviyoAnswer {
    const schema = (data?.attributes["object-schema"] as { data: Sent } | undefined)?.data.attributes;
    const mapping = (schema?.["source-mapping"] as { data: Sent } | undefined)?.data.attributes;
    const properties = schema?.["properties"] as Schema["properties"] | undefined;
    if (!data || !schema || !mapping || !properties) return refused(400, "invalid", "A field is missing.");
    const problem = mappingProblem(mapping, properties, undefined);
    if (problem) return refused(400, "invalid", problem);
    const type: ObjectType = {
      id: newId("01OT"),
      title: String(data.attributes["title"]),
      schema: {
        id: newId("01SC"),
        status: "draft",
        properties,
        mapping: { id: newId("01MP"), attributes: mapping },
        relationshipId: undefined,
        pollsUntilActive: 0,
      },
    };
    account.types.push(type);
    return answered(201, { data: { type: "object-type", id: type.id, attributes: { title: type.title } } });
  }

  function updateMapping(id: string, data: Sent | undefined): KlaviyoAnswer {
    const schema = account.types.map((type) => type.schema).find(({ mapping }) => mapping.id === id);
    if (!schema || data?.id !== id) return refused(404, "not_found", `source-mapping with id ${id} does not exist`);
    if (schema.status !== "draft") return refused(400, "invalid", "Only drafts can be edited.");
    const problem = mappingProblem(data.attributes, schema.properties, schema.relationshipId);
    if (problem) return refused(400, "invalid", problem);
    schema.mapping.attributes = data.attributes;
    return answered(200, { data: { id, attributes: data.attributes } });
  }

  function mappingProblem(
    attributes: Record<string, Json>,
    properties: Schema["properties"],
    relationshipId: string | undefined,
  ): string | undefined {
    const sources = new Set(account.dataSources.map(({ id }) => id));
    const mapped = (attributes["property_mappings"] ?? []) as readonly { id: number; source: { source_id: string } }[];
    const related = (attributes["relationship_mappings"] ?? []) as readonly {
      relationship_id: string;
      source: { source_id: string; related_id_paths: readonly { identifier_type: string }[] };
    }[];
    if (properties.some(({ id }) => !mapped.some((one) => one.id === id))) return "A property is not mapped.";
    if ([...mapped, ...related].some(({ source }) => !sources.has(source.source_id)))
      return "A data source does not exist.";
    if (related.some((one) => one.relationship_id !== relationshipId)) return "A relationship does not exist.";
    const kinds = related.flatMap(({ source }) => source.related_id_paths.map((one) => one.identifier_type));
    const known = ["klaviyo-id", "external-id", "email", "phone", "anonymous"];
    return kinds.every((kind) => known.includes(kind)) ? undefined : "An identifier type does not exist.";
  }

  function page(all: readonly Json[], url: URL): KlaviyoAnswer {
    const from = Number(url.searchParams.get("page[cursor]") ?? "0");
    const next = new URL(url);
    next.searchParams.set("page[cursor]", String(from + PAGE));
    const hasMore = all.length > from + PAGE;
    return answered(200, { data: all.slice(from, from + PAGE), links: { next: hasMore ? next.toString() : null } });
  }

  return account;
}

interface Sent {
  readonly id?: string;
  readonly attributes: Record<string, Json>;
}
