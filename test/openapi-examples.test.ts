import { afterAll, expect, test } from "bun:test";
import { startDocumentedShop } from "./support/documented-calls.ts";

/** What the document promises: each of its example calls is made, and answered as it says. */

const here = await startDocumentedShop();
afterAll(() => here[Symbol.asyncDispose]());
const { known, prepareScene } = here;

const EXAMPLES = known.operations.flatMap((operation) => {
  const bodies = Object.values(operation.operation.requestBody?.content ?? {})[0]?.examples;
  if (!bodies) return [{ name: operation.id, operation, body: undefined, isFirst: true }];
  return Object.entries(bodies).map(([name, { value }], i) => ({
    name: `${operation.id}, ${name}`,
    operation,
    body: value,
    isFirst: i === 0,
  }));
});

test.each(EXAMPLES.map((example) => [example.name, example] as const))("%s", async (_, example) => {
  const { operation, body, isFirst } = example;
  const [answer] = operation.responses.filter(({ status }) => status < 300);
  if (!answer) return;
  const scene = await prepareScene();
  const actual = await scene.send(scene.callOf(operation, body));
  const media = answer.content[actual.mediaType];
  expect([actual.status, Object.keys(answer.content)]).toEqual([answer.status, [actual.mediaType]]);
  expect(known.problemsOf(media?.schema, actual.body)).toEqual([]);
  // The answer that is shown is that to the first body.
  if (isFirst) expect(differences(media?.example, actual.body)).toEqual([]);
});

/** What another server, or another day, has otherwise. */
const OWN =
  /^(issued_?pass_?count|installed_?pass_?count|pass_type_id|passTypeI|teamI|authent|bearer|signing|updatedAt|eventId|detail$)/i;
const OWN_ID = /^(ptk_0x[0-9a-f]+|whk_\w+|\d+|https:.*\/bundles\/.*)$/;

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
