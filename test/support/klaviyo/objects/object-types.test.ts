import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { type FakeKlaviyo, startFakeKlaviyo } from "../fake-klaviyo.ts";
import { createTestClient, type TestAnswer, type TestClient } from "../test-client.ts";
import { mappingsFrom, PROPERTIES, profileMapping, setUpObjectType } from "./set-up.ts";

const NOW = Date.UTC(2026, 6, 15, 12);

let fake: FakeKlaviyo;
let client: TestClient;
let now: number;
beforeEach(async () => {
  now = NOW;
  fake = await startFakeKlaviyo({ now: () => now });
  client = createTestClient(fake);
});
afterEach(() => fake[Symbol.asyncDispose]());

const createSource = (attributes: object) =>
  client.post("/api/data-sources", { data: { type: "data-source", attributes } });
const createType = (schema?: object) =>
  client.post("/api/object-types", {
    data: {
      type: "object-type",
      attributes: {
        title: "Pass",
        ...(schema && { "object-schema": { data: { type: "object-schema", attributes: schema } } }),
      },
    },
  });
const createSchema = (typeId: string | undefined, attributes: object = {}) =>
  client.post("/api/object-schemas", {
    data: {
      type: "object-schema",
      attributes: { title: "Pass", properties: PROPERTIES, ...attributes },
      ...(typeId && { relationships: { "object-type": { data: { type: "object-type", id: typeId } } } }),
    },
  });
const patchSchema = (id: string, attributes: object) =>
  client.patch(`/api/object-schemas/${id}`, { data: { type: "object-schema", id, attributes } });
const patchMapping = (id: string, attributes: object) =>
  client.patch(`/api/source-mappings/${id}`, { data: { type: "source-mapping", id, attributes } });
const relate = (schemaId: string, id = "profile") =>
  client.post(`/api/object-schemas/${schemaId}/relationships/profile-object-schemas`, {
    data: [{ type: "profile-object-schema", id }],
  });
const idOf = ({ body }: TestAnswer) => (body as { data: { id: string } }).data.id;
const statusOf = async (schemaId: string) =>
  ((await client.call(`/api/object-schemas/${schemaId}`)).body as { data: { attributes: { status: string } } }).data
    .attributes.status;
const firstError = ({ status, body }: TestAnswer) => [
  status,
  (body as { errors: readonly { source: { pointer: string } }[] }).errors[0]?.source.pointer,
];

test("data sources have a title of their own, and are listed in pages", async () => {
  const id = idOf(await createSource({ title: "Passes" }));
  expect(fake.dataSources.get(id)).toEqual({
    id,
    title: "Passes",
    visibility: "private",
    description: "",
    namespace: "custom-objects",
  });
  const title = "/data/attributes/title";
  for (const taken of ["Passes", "", "x".repeat(256)])
    expect(firstError(await createSource({ title: taken }))).toEqual([400, title]);
  expect((await createSource({ title: "Passes", namespace: "other" })).status).toBe(201);
  const page = (await client.call("/api/data-sources?page[size]=1&fields[data-source]=title")).body;
  expect(page).toMatchObject({ data: [{ id, attributes: { title: "Passes" } }], links: { next: expect.any(String) } });
  expect((await client.call(`/api/data-sources/${id}`)).body).toMatchObject({ data: { id } });
  expect((await client.call("/api/data-sources/NOPE")).body).toMatchObject({
    errors: [{ code: "not_found", detail: "Data source with ID NOPE not found." }],
  });
});

describe("an object type", () => {
  test("is drawn up, published and active as time goes by", async () => {
    const { typeId, schemaId, sourceId, relationshipId } = await setUpObjectType(fake);
    expect(await statusOf(schemaId)).toBe("publishing");
    expect(fake.objectTypes.get(typeId)).toMatchObject({ currentSchemaId: undefined, draftSchemaId: schemaId });
    now += 5_000;
    expect(await statusOf(schemaId)).toBe("active");
    expect(fake.objectSchemas.get(schemaId)?.publishedAt).toBe(NOW + 5_000);
    expect((await client.call(`/api/object-types/${typeId}?include=current-schema,draft-schema`)).body).toMatchObject({
      data: {
        attributes: { title: "Pass", status: "active", namespace: "custom-objects" },
        relationships: {
          "current-schema": { data: { type: "object-schema", id: schemaId } },
          "draft-schema": { data: null },
          "schema-versions": { data: [{ type: "object-schema", id: schemaId }] },
        },
      },
      included: [
        { type: "object-schema", id: schemaId, attributes: { published_at: "2026-07-15T12:00:05.000000+00:00" } },
      ],
    });
    expect((await client.call(`/api/object-types/${typeId}/draft-schema`)).body).toMatchObject({ data: null });
    expect((await client.call('/api/object-types?filter=equals(namespace,"custom-objects")')).body).toMatchObject({
      data: [{ id: typeId }],
    });
    expect((await client.call('/api/object-types?filter=equals(namespace,"other")')).body).toMatchObject({ data: [] });
    expect(
      (await client.call(`/api/object-schemas/${schemaId}/relationships/profile-object-schemas`)).body,
    ).toMatchObject({
      data: [
        { type: "profile-object-schema", id: "profile", meta: { relationship_id: relationshipId, name: "holder" } },
      ],
    });
    expect((await client.call(`/api/object-schemas/${schemaId}/source-mapping`)).body).toMatchObject({
      data: {
        attributes: {
          property_mappings: mappingsFrom(sourceId),
          relationship_mappings: [profileMapping(sourceId, relationshipId)],
        },
      },
    });
  });

  test("is made with an empty draft and an empty mapping", async () => {
    const typeId = idOf(await createType());
    const draft = (await client.call(`/api/object-types/${typeId}/draft-schema`)).body as { data: { id: string } };
    expect(draft).toMatchObject({ data: { attributes: { title: "Pass", status: "draft", properties: [] } } });
    expect((await client.call(`/api/object-schemas/${draft.data.id}/source-mapping`)).body).toMatchObject({
      data: { attributes: { property_mappings: [], relationship_mappings: [] } },
    });
  });

  test("changes only by its drafts", async () => {
    const { typeId, schemaId, sourceId } = await setUpObjectType(fake);
    now += 5_000;
    const mappingId = fake.objectSchemas.get(schemaId)?.mappingId ?? "";
    const before = [fake.objectSchemas.get(schemaId), fake.sourceMappings.get(mappingId)];
    const status = "/data/attributes/status";
    expect(firstError(await patchSchema(schemaId, { title: "x" }))).toEqual([400, status]);
    expect(firstError(await patchSchema(schemaId, { status: "active" }))).toEqual([400, status]);
    expect(firstError(await patchMapping(mappingId, {}))).toEqual([400, status]);
    expect(firstError(await relate(schemaId))).toEqual([400, status]);
    expect([fake.objectSchemas.get(schemaId), fake.sourceMappings.get(mappingId)]).toEqual(before);

    const mapping = { data: { type: "source-mapping", attributes: { property_mappings: mappingsFrom(sourceId) } } };
    const next = idOf(await createSchema(typeId, { "source-mapping": mapping }));
    expect(fake.objectTypes.get(typeId)).toMatchObject({ currentSchemaId: schemaId, draftSchemaId: next });
    expect(firstError(await createSchema(typeId))).toEqual([400, "/data/relationships/object-type"]);
    fake.switches.failSecondActivation = true;
    expect((await patchSchema(next, { status: "active" })).status).toBe(500);
    expect(await statusOf(next)).toBe("draft");
    fake.switches.failSecondActivation = false;
    expect((await patchSchema(next, { status: "active" })).status).toBe(200);
    now += 5_000;
    expect(fake.objectTypes.get(typeId)).toMatchObject({ currentSchemaId: next, draftSchemaId: undefined });
  });

  test("refuses what could never work", async () => {
    const sourceId = idOf(await createSource({ title: "Passes" }));
    const schema = "/data/attributes/object-schema/data/attributes";
    const twice = [PROPERTIES[0], { ...PROPERTIES[1], name: "serial" }];
    expect(firstError(await createType({ properties: twice }))).toEqual([400, `${schema}/properties/1/name`]);
    expect(firstError(await createType({ properties: PROPERTIES, required: ["foo"] }))).toEqual([
      400,
      `${schema}/required/0`,
    ]);
    const withMapping = (mapping: object) =>
      createType({
        properties: PROPERTIES,
        "source-mapping": { data: { type: "source-mapping", attributes: { property_mappings: [mapping] } } },
      });
    const at = `${schema}/source-mapping/data/attributes/property_mappings/0`;
    const source = { source_id: sourceId, id_path: "$['serial']", data_path: "$['serial']" };
    expect(firstError(await withMapping({ id: 7, type: "constant", value: 1 }))).toEqual([400, `${at}/id`]);
    expect(firstError(await withMapping({ id: 1, type: "simple", source: { ...source, source_id: "NOPE" } }))).toEqual([
      400,
      `${at}/source/source_id`,
    ]);
    for (const path of ["serial", "$", "$['serial'", "$.list[*].id"]) {
      expect(firstError(await withMapping({ id: 1, type: "simple", source: { ...source, data_path: path } }))).toEqual([
        400,
        `${at}/source/data_path`,
      ]);
    }
    expect(firstError(await withMapping({ id: 1, type: "simple", source: { ...source, foo: 1 } }))).toEqual([
      400,
      `${at}/source/foo`,
    ]);
    expect([fake.objectTypes.size, fake.objectSchemas.size, fake.sourceMappings.size]).toEqual([0, 0, 0]);

    const typeId = idOf(await createType({ properties: PROPERTIES }));
    const { draftSchemaId = "" } = fake.objectTypes.get(typeId) ?? {};
    expect(firstError(await relate(draftSchemaId, "list"))).toEqual([400, "/data/0/id"]);
    const { mappingId = "" } = fake.objectSchemas.get(draftSchemaId) ?? {};
    expect(
      firstError(await patchMapping(mappingId, { relationship_mappings: [profileMapping(sourceId, "NOPE")] })),
    ).toEqual([400, "/data/attributes/relationship_mappings/0/relationship_id"]);
    expect(firstError(await createSchema(undefined))).toEqual([400, "/data/relationships/object-type"]);
  });

  test("that does not exist is a 404, and for relationships a 500", async () => {
    const answers = [
      client.call("/api/object-types/NOPE"),
      client.call("/api/object-types/NOPE/draft-schema"),
      client.call("/api/object-types/NOPE/object-records"),
      client.call("/api/object-types/NOPE/object-ingestion-logs"),
      client.call("/api/object-schemas/NOPE"),
      client.call("/api/object-schemas/NOPE/source-mapping"),
      client.call("/api/object-records/NOPE:::x"),
      createSchema("NOPE"),
      patchSchema("NOPE", {}),
      patchMapping("NOPE", {}),
    ];
    for (const answer of answers) expect((await answer).status).toBe(404);
    expect((await relate("NOPE")).status).toBe(500);
    expect((await client.call("/api/object-schemas/NOPE/relationships/profile-object-schemas")).status).toBe(500);
  });

  test("cannot be made without the entitlement", async () => {
    fake.switches.customObjects = false;
    expect((await createType()).body).toMatchObject({
      errors: [{ code: "forbidden", detail: "Entitlement to create object type not found." }],
    });
    expect((await createSource({ title: "Passes" })).status).toBe(201);
    expect((await client.call("/api/object-types")).body).toMatchObject({ data: [] });
  });
});
