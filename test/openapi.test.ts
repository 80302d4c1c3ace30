import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { Validator } from "@seriousme/openapi-schema-validator";
import { openApiDocument } from "../src/api/openapi/document.ts";
import { PUBLIC_URL, startTestApp, type TestApp } from "./support/app.ts";
import { type KnownDocument, readDocument } from "./support/openapi.ts";

/** The document as a document: that it is true is shown by openapi-examples and openapi-refusals. */

let shop: TestApp;
let known: KnownDocument;
beforeAll(async () => {
  shop = await startTestApp();
  known = await readDocument(shop);
});
afterAll(() => shop[Symbol.asyncDispose]());

test("it is OpenAPI 3.1", async () => {
  const validator = new Validator();
  expect(await validator.validate({ ...known.document })).toEqual({ valid: true });
  expect(validator.version).toBe("3.1");
});

test("it has every route of the API, and nothing else", () => {
  const isDocumented = (path: string) => /^\/(v1\/|livez$|readyz$)/.test(path);
  const routes = shop.app.http.routes
    .filter(({ path }) => isDocumented(path))
    .map(({ method, path }) => `${method} ${path.replace(/:(\w+)/g, "{$1}")}`);
  expect(routes.length).toBeGreaterThan(30);
  expect(known.operations.map(({ method, path }) => `${method} ${path}`).sort()).toEqual(routes.sort());
});

test("a route that says nothing of itself is refused", () => {
  const silent = [{ method: "GET", path: "/v1/silence", hooks: {} }];
  expect(() => openApiDocument(silent, PUBLIC_URL)).toThrow("GET /v1/silence has no documentation.");
});

test("it is the same at every start, for this server's address, and for any page", async () => {
  await using again = await startTestApp();
  const answers = await Promise.all([shop, again].map((each) => each.request("/docs/openapi.json")));
  const [first, second] = await Promise.all(answers.map((answer) => answer.text()));
  expect(second).toBe(first ?? "");
  expect(known.document.servers).toEqual([{ url: PUBLIC_URL }]);
  expect(answers[0]?.headers.get("access-control-allow-origin")).toBe("*");
});

test("operations have names, groups and texts of their own", () => {
  const { document, operations } = known;
  const ids = operations.map(({ id }) => id);
  expect(ids.filter((id, i) => ids.indexOf(id) !== i || !/^[a-z]\w+$/.test(id))).toEqual([]);
  const groups = document.tags.map(({ name }) => name);
  for (const { id, operation } of operations) {
    expect([id, operation.tags.filter((tag) => groups.includes(tag)).length]).toEqual([id, 1]);
    expect([id, operation.summary.length < 60, operation.description.length > 30]).toEqual([id, true, true]);
  }
  expect(groups.filter((group) => !operations.some(({ operation }) => operation.tags.includes(group)))).toEqual([]);
});

test("the parameters of a path are described, each once, with an example", () => {
  for (const { id, path, operation } of known.operations) {
    const described = operation.parameters?.filter((parameter) => parameter.in === "path") ?? [];
    const named = [...path.matchAll(/\{(\w+)\}/g)].map(([, name = ""]) => name);
    expect([id, ...described.map(({ name }) => name)]).toEqual([id, ...named]);
    expect([id, described.filter(({ example, required }) => example === undefined || !required)]).toEqual([id, []]);
  }
});

test("every request and every answer has examples, and all have their schema's form", () => {
  const wrong: unknown[] = [];
  for (const { id, operation, responses } of known.operations) {
    for (const { name, schema, example } of operation.parameters ?? []) {
      if (example !== undefined) wrong.push(...known.problemsOf(schema, example).map((problem) => [id, name, problem]));
    }
    for (const { content } of [...(operation.requestBody ? [operation.requestBody] : []), ...responses]) {
      for (const [type, { schema, example, examples }] of Object.entries(content)) {
        const values = examples ? Object.values(examples).map(({ value }) => value) : [example];
        if (values.length === 0 || values.includes(undefined)) wrong.push([id, type, "has no example"]);
        wrong.push(...values.flatMap((value) => known.problemsOf(schema, value)).map((problem) => [id, type, problem]));
      }
    }
  }
  expect(wrong).toEqual([]);
});

test("nothing that is shared is missing, and nothing is left over", () => {
  const { components } = known.document;
  const text = JSON.stringify(known.document);
  const named = new Set([...text.matchAll(/"\$ref":"#\/components\/([^"]+)"/g)].map((match) => match[1]));
  const there = (["schemas", "responses"] as const).flatMap((kind) =>
    Object.keys(components[kind]).map((name) => `${kind}/${name}`),
  );
  expect([...named].sort()).toEqual(there.sort());
});

describe("the page", () => {
  const html = async () => (await shop.request("/docs")).text();

  test("shows every call and every schema, and each of its links leads somewhere", async () => {
    const text = await html();
    const ids = [...text.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id);
    expect(ids.filter((id, i) => ids.indexOf(id) !== i)).toEqual([]);
    const schemas = Object.keys(known.document.components.schemas).map((name) => `schema-${name}`);
    expect(ids).toEqual(expect.arrayContaining([...known.operations.map(({ id }) => id), ...schemas]));
    const links = [...text.matchAll(/ href="#([^"]*)"/g)].map(([, id]) => id);
    expect(links.filter((id) => !ids.includes(id))).toEqual([]);
  });

  test("has no script and no style but files of this server, which are there", async () => {
    const response = await shop.request("/docs");
    const text = await response.text();
    expect(response.headers.get("content-security-policy")).toContain("script-src 'self'; style-src 'self';");
    expect(text).not.toMatch(
      /<style|<script(?! type="module" src="\/assets\/)| style="| on[a-z]+="|<img[^>]* src="http/,
    );
    const files = [...text.matchAll(/ (?:src|href)="(\/assets\/[^"]+)"/g)].map(([, path = ""]) => path);
    for (const path of new Set(files)) expect([path, (await shop.request(path)).status]).toEqual([path, 200]);
  });
});
