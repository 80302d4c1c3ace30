import { expect, test } from "bun:test";
import { Value } from "@sinclair/typebox/value";
import { declaredFields, fitsOfficial, hasReference, type Json, officialOperation } from "./official-document.ts";
import { OPERATIONS } from "./routes.ts";
import { SAMPLE_BODIES } from "./sample-bodies.ts";

const withReference = test.skipIf(!hasReference);
const BY_NAME = OPERATIONS.map((operation) => [operation.operationId, operation] as const);
const WITH_BODY = BY_NAME.flatMap(([name, { body }]) => (body === undefined ? [] : [[name, body] as const]));

withReference.each(BY_NAME)("%s is where and what Klaviyo documents", (operationId, operation) => {
  const official = officialOperation(operationId);
  expect<object>({
    method: operation.method,
    path: operation.path,
    burst: `${operation.limits.burst}/s`,
    steady: `${operation.limits.steady}/m`,
    scopes: operation.scopes.toSorted(),
    hasBody: operation.body !== undefined,
  }).toEqual({
    method: official.method,
    path: official.path,
    burst: official.burst,
    steady: official.steady,
    scopes: official.scopes.toSorted(),
    hasBody: official.body !== undefined,
  });
  expect((operation.query ?? []).filter((name) => !official.query.includes(name))).toEqual([]);
});

withReference.each(WITH_BODY)("%s knows the documented fields", (operationId, body) => {
  const official = officialOperation(operationId);
  const documented = new Set(declaredFields(official.body ?? {}, official.components));
  const known = new Set(declaredFields(body as unknown as Json, {}));
  expect(known.size).toBeGreaterThan(4);
  expect([...known].filter((field) => !documented.has(field))).toEqual([]);
  const missing = [...documented].filter((field) => !known.has(field));
  expect(missing.filter((field) => !/\/(_kx|patch_identifiers)(\/|$)/.test(field))).toEqual([]);
});

/** Members whose content is the caller's own. */
const FREE_FORM = ["properties", "record", "append", "unappend"];
const STRANGERS = [null, 42, 1.5, "text", true, [], {}, [{}]];

/** Every body that differs from the given one in a single place: a member lost, added, misspelt or of another type. */
function* variations(value: unknown): Generator<unknown> {
  if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) {
      for (const other of [...variations(item), ...STRANGERS]) yield value.with(index, other);
    }
  } else if (typeof value === "object" && value !== null) {
    yield { ...value, uniqueId: "x" };
    for (const [name, inner] of Object.entries(value)) {
      const { [name]: _lost, ...others } = value as Readonly<Record<string, unknown>>;
      yield others;
      yield { ...others, [`${name}s`]: inner };
      // Only objects are free-form: a schema's `properties` are a list.
      const isFree = FREE_FORM.includes(name) && !Array.isArray(inner);
      for (const other of [...(isFree ? [] : variations(inner)), ...STRANGERS]) yield { ...value, [name]: other };
    }
  }
}

withReference.each(WITH_BODY)("%s takes and refuses what Klaviyo's document does", (operationId, schema) => {
  const { body = {}, components } = officialOperation(operationId);
  const samples = SAMPLE_BODIES[operationId] ?? [];
  expect(samples.length).toBeGreaterThan(0);
  let refused = 0;
  for (const sample of samples) {
    expect([fitsOfficial(body, components, sample), [...Value.Errors(schema, sample)]]).toEqual([true, []]);
    for (const variation of variations(sample)) {
      const isOfficial = fitsOfficial(body, components, variation);
      if (!isOfficial) refused += 1;
      if (isOfficial !== Value.Check(schema, variation)) {
        throw new Error(`${isOfficial ? "refused" : "taken"} against the document: ${JSON.stringify(variation)}`);
      }
    }
  }
  expect(refused).toBeGreaterThan(20);
});

test("every operation with a body has a sample", () => {
  expect(Object.keys(SAMPLE_BODIES).toSorted()).toEqual(WITH_BODY.map(([name]) => name).toSorted());
});
