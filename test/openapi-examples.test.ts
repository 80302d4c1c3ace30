import { afterAll, expect, test } from "bun:test";
import { bodiesOf, type ExampleBody, startDocumentedShop } from "./support/documented-calls.ts";
import { jsonLines, type KnownOperation } from "./support/openapi.ts";

/** What the document promises: each of its example calls is made, and answered as it says. */

const here = await startDocumentedShop();
afterAll(() => here[Symbol.asyncDispose]());
const { known, prepareScene } = here;

interface Example {
  readonly operation: KnownOperation;
  readonly body?: ExampleBody;
  /** The answer that is shown is that to the first body. */
  readonly isShown: boolean;
}

const EXAMPLES = known.operations.flatMap((operation): [string, Example][] => {
  const bodies = bodiesOf(operation);
  if (bodies.length === 0) return [[operation.id, { operation, isShown: true }]];
  return bodies.map((body, i) => [
    `${operation.id}, ${body.mediaType}, ${body.name}`,
    { operation, body, isShown: i === 0 },
  ]);
});

test.each(EXAMPLES)("%s", async (_, { operation, body, isShown }) => {
  const [answer] = operation.responses.filter(({ status }) => status < 300);
  if (!answer) return;
  const scene = await prepareScene();
  const actual = await scene.send(scene.callOf(operation, body));
  expect([actual.status, Object.keys(answer.content)]).toEqual([
    answer.status,
    expect.arrayContaining([actual.mediaType]) as unknown as string[],
  ]);
  const { schema, example } = answer.content[actual.mediaType] ?? {};
  expect(known.problemsOf(schema, actual.body)).toEqual([]);
  if (isShown) expect(differences(comparable(example), comparable(actual.body))).toEqual([]);
});

test("an export as newline-delimited JSON", async () => {
  const operation = known.operations.find(({ id }) => id === "exportPasses");
  const scene = await prepareScene();
  if (!operation) throw new Error("There is no export.");
  const call = scene.callOf(operation);
  const { mediaType, body } = await scene.send({ ...call, path: `${call.path}&format=ndjson` });
  const { schema, example } = operation.responses[0]?.content[mediaType] ?? {};
  expect(mediaType).toBe("application/x-ndjson");
  expect(known.problemsOf(schema, body)).toEqual([]);
  expect(differences(comparable(example), comparable(body))).toEqual([]);
});

/** What another server, or another day, has otherwise. */
const OWN =
  /^(issued_?pass_?count|installed_?pass_?count|pass_type_id|passTypeI|teamI|authent|bearer|signing|updatedAt|eventId|detail$|requestedBy|writeBacks|sandboxR)/i;
const OWN_ID = /^(ers_\w+|blk_\w+|ptk_0x[0-9a-f]+|whk_\w+|\d+|https:.*\/bundles\/.*)$/;

/** A file as what stands in it: lines of JSON, or the cells of a table. */
function comparable(body: unknown): unknown {
  if (typeof body !== "string") return body;
  return body.startsWith("{") ? jsonLines(body) : body.split(/[,\r\n]/);
}

/** Where an example is not what was answered. A list may go on beyond it; so may pass.json, which is no list. */
function differences(example: unknown, actual: unknown, path = ""): string[] {
  if (typeof example === "object" && example !== null && typeof actual === "object" && actual !== null) {
    return Object.entries(example).flatMap(([key, value]) =>
      OWN.test(key) ? [] : differences(value, (actual as Record<string, unknown>)[key], `${path}.${key}`),
    );
  }
  if (example === actual) return [];
  if ([example, actual].every((value) => typeof value === "string" && OWN_ID.test(value))) return [];
  return [`${path} is ${JSON.stringify(actual)}, not ${JSON.stringify(example)}`];
}
