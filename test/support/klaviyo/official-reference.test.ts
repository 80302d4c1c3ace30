import { expect, test } from "bun:test";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { TSchema } from "@sinclair/typebox";
import { EventCreateQuery, ProfilePartialUpdateQuery, ProfileUpsertQuery } from "./body-schemas.ts";
import { type FakeKlaviyo, startFakeKlaviyo } from "./fake-klaviyo.ts";
import { createTestClient } from "./test-client.ts";

/*
 * Compares the fake with Klaviyo's OpenAPI document and with recorded answers. Both live beside the repository, not in
 * it; where they are absent there is nothing to compare.
 */
const REFERENCE = join(import.meta.dir, "../../../../shared/reference/klaviyo");
const withReference = test.skipIf(!existsSync(join(REFERENCE, "openapi")));
const readJson = (path: string): Json => JSON.parse(readFileSync(join(REFERENCE, path), "utf8"));

type Json = { readonly [key: string]: Json };

/** Names of the fields an object schema declares, at every depth, as `/data/attributes/…` paths. */
function declared(schema: Json | TSchema, components: Json, path = ""): readonly string[] {
  const reference = schema["$ref"];
  const target = typeof reference === "string" ? components[reference.split("/").at(-1) ?? ""] : schema;
  if (target === undefined) return [];
  const alternatives = (target["anyOf"] ?? target["oneOf"] ?? []) as readonly Json[];
  const fields = Object.entries((target["properties"] ?? {}) as Json).flatMap(([name, field]) => [
    `${path}/${name}`,
    ...declared(field, components, `${path}/${name}`),
  ]);
  return [...fields, ...alternatives.flatMap((alternative) => declared(alternative, components, path))];
}

const BODIES: readonly [string, string, string, TSchema][] = [
  ["create_or_update_profile", "/api/profile-import", "post", ProfileUpsertQuery],
  ["update_profile", "/api/profiles/{id}", "patch", ProfilePartialUpdateQuery],
  ["create_event", "/api/events", "post", EventCreateQuery],
];
withReference.each(BODIES)("%s accepts the official fields", (operationId, path, method, schema) => {
  const document = readJson(`openapi/${operationId}.json`);
  const body =
    document["paths"]?.[path]?.[method]?.["requestBody"]?.["content"]?.["application/vnd.api+json"]?.["schema"];
  const official = declared(body ?? {}, document["components"]?.["schemas"] ?? {});
  const ours = declared(schema, {});
  expect(ours.length).toBeGreaterThan(20);
  expect(ours.filter((field) => !official.includes(field))).toEqual([]);
  const missing = official.filter((field) => !ours.includes(field) && !/\/(_kx|patch_identifiers)(\/|$)/.test(field));
  expect(missing).toEqual([]);
});

/** The same value with every leaf replaced by its kind, so that only the shape is compared. */
function shapeOf(value: unknown): unknown {
  if (value === null || typeof value !== "object") return typeof value === "object" ? "string" : typeof value;
  if (Array.isArray(value)) return value.map(shapeOf);
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, shapeOf(inner)]));
}

const importProfile = (fake: FakeKlaviyo, attributes: object, id?: string) =>
  createTestClient(fake).post("/api/profile-import", { data: { type: "profile", id, attributes } });
const B = { email: "profile-b@example.com", first_name: "Bee", properties: { source: "import" } };

const ANSWERS: readonly [string, (fake: FakeKlaviyo) => ReturnType<typeof importProfile>][] = [
  ["create_or_update_profile.201", (fake) => importProfile(fake, B)],
  [
    "create_profile.409",
    (fake) => {
      fake.addProfile(B);
      return importProfile(fake, { email: B.email }, fake.addProfile({}).id);
    },
  ],
  ["get_profile.404", (fake) => createTestClient(fake).call("/api/profiles/NOPE01")],
  ["get_accounts.200", (fake) => createTestClient(fake).call("/api/accounts")],
  [
    "get_accounts.401",
    (fake) => {
      fake.revokeKey();
      return createTestClient(fake).call("/api/accounts");
    },
  ],
  [
    "get_accounts.429",
    (fake) => {
      fake.failNext({ status: 429 });
      return createTestClient(fake).call("/api/accounts");
    },
  ],
  [
    "create_webhook.403",
    (fake) => {
      fake.denyScope("/api/accounts");
      return createTestClient(fake).call("/api/accounts");
    },
  ],
  [
    "create_profile_schema_relationship.500",
    (fake) => {
      fake.failNext({ status: 500 });
      return createTestClient(fake).call("/api/accounts");
    },
  ],
];
withReference.each(ANSWERS)("%s as recorded", async (name, ask) => {
  const recorded = readJson("recorded-responses.json")[name] ?? {};
  await using fake = await startFakeKlaviyo();
  const answer = await ask(fake);
  expect(answer.status).toBe(Number(recorded["status"]));
  expect(shapeOf(answer.body)).toEqual(shapeOf(recorded["body"]));
  const error = (recorded["body"]?.["errors"] as readonly Json[] | undefined)?.[0];
  if (error !== undefined) {
    const { id: _id, meta: _meta, detail, ...fixed } = error;
    const sameText = name === "create_webhook.403" ? {} : { detail };
    expect(answer.body).toMatchObject({ errors: [{ ...fixed, ...sameText }] });
  }
  for (const [header, value] of Object.entries(recorded["headers"] ?? {})) {
    if (header === "ratelimit-remaining" || name === "create_webhook.403")
      expect(answer.headers.has(header)).toBe(true);
    else expect(answer.headers.get(header)).toBe(String(value));
  }
});
