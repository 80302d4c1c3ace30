import { invalid } from "../errors.ts";
import { type Attributes, documentOf, pageOf, sparse } from "../json-api.ts";
import { DataSourceCreateQuery } from "../objects/bodies.ts";
import type { FakeDataSource } from "../objects/data-source-store.ts";
import { type Call, type Operation, operation } from "../operation.ts";

const LIMITS = { burst: 3, steady: 60 };
const MAX_TITLE = 255;

function sourceResource({ id, ...attributes }: FakeDataSource, call: Call): Attributes {
  return {
    type: "data-source",
    id,
    attributes: sparse("data-source", attributes, call.query),
    links: { self: `${call.origin}/api/data-sources/${id}/` },
  };
}

export const createDataSource = operation({
  operationId: "create_data_source",
  method: "POST",
  path: "/api/data-sources",
  limits: LIMITS,
  scopes: ["custom-objects:write"],
  query: ["fields[data-source]"],
  body: DataSourceCreateQuery,
  handle(call, { dataSources }) {
    const { title, visibility, description, namespace } = call.body.data.attributes;
    if (title.length < 1 || title.length > MAX_TITLE) {
      const detail = `The title must have between 1 and ${MAX_TITLE} characters.`;
      throw invalid({ pointer: "/data/attributes/title", detail });
    }
    const source = dataSources.create({
      title,
      visibility: visibility ?? "private",
      description: description ?? "",
      namespace: namespace ?? "custom-objects",
    });
    return { status: 201, body: documentOf(call, sourceResource(source, call)) };
  },
});

export const getDataSources: Operation = {
  operationId: "get_data_sources",
  method: "GET",
  path: "/api/data-sources",
  limits: LIMITS,
  scopes: ["custom-objects:read"],
  query: ["fields[data-source]", "page[size]", "page[cursor]"],
  handle(call, { dataSources }) {
    const { items, links } = pageOf([...dataSources.all.values()], call, { defaultSize: 20, maxSize: 100 });
    return { status: 200, body: { data: items.map((source) => sourceResource(source, call)), links } };
  },
};

export const getDataSource: Operation = {
  operationId: "get_data_source",
  method: "GET",
  path: "/api/data-sources/{id}",
  limits: LIMITS,
  scopes: ["custom-objects:read"],
  query: ["fields[data-source]"],
  handle: (call, { dataSources }) => ({
    status: 200,
    body: documentOf(call, sourceResource(dataSources.get(call.params["id"] ?? ""), call)),
  }),
};
