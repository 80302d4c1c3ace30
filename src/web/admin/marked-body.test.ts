import { expect, test } from "bun:test";
import { editableBody, markedBody } from "./marked-body.ts";

const marksOf = (body: string, problems: readonly { path: string; message: string }[], error = "refused") =>
  markedBody(body, error, problems).flatMap(({ text, problems: found }) =>
    found.map((problem) => [text.trim(), problem]),
  );

test("JSON is laid out, with every line where it was", () => {
  const body = { a: [1, { b: null }], c: {}, d: [] };
  const lines = markedBody(JSON.stringify(body), "refused", []).map(({ text }) => text);
  expect(lines.join("\n")).toBe(JSON.stringify(body, undefined, 2));
});

test("a problem stands at the line of its path, or of what should hold it", () => {
  const body = JSON.stringify({ passTemplate: "x", pass: { "member.name": 1, points: { deep: true } }, list: [1, 2] });
  expect(
    marksOf(body, [
      { path: "pass.member.name", message: "is wrong" },
      { path: "pass.level", message: "is required" },
      { path: "list.1", message: "is too much" },
      { path: "recipient.email", message: "is missing" },
      { path: "", message: "is refused" },
    ]),
  ).toEqual([
    ["{", "recipient.email is missing"],
    ["{", "is refused"],
    ['"pass": {', "pass.level is required"],
    ['"member.name": 1,', "pass.member.name is wrong"],
    ["2", "list.1 is too much"],
  ]);
});

test("what is no JSON stays as it came, marked at the character that is named", () => {
  const body = '{"a":1,\n"b":"x "y" z"}';
  expect(marksOf(body, [], "The body is not JSON at character 17, near …")).toEqual([
    ['"b":"x "y" z"}', "The body is not JSON at character 17, near …"],
  ]);
  expect(marksOf("nothing", [], "no place is named")).toEqual([]);
});

test("a body that is nested without end is shown to a depth", () => {
  const body = "[".repeat(5_000) + "]".repeat(5_000);
  expect(markedBody(body, "refused", []).length).toBeLessThan(100);
});

test.each([
  ['{"pass":{"points":7}}', '{\n  "pass": {\n    "points": 7\n  }\n}'],
  // Laid out it would be another number.
  ['{"points":1.0}', '{"points":1.0}'],
  ['{ "points": 7 }', '{ "points": 7 }'],
  ["not JSON", "not JSON"],
])("%s is edited as it is, or laid out", (body, edited) => {
  expect(editableBody(body)).toBe(edited);
});
