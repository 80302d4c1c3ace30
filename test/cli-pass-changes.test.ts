import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import type { PassObject } from "../src/api/pass-object.ts";
import { startTestApp, type TestApp } from "./support/app.ts";
import { cli, cliJson } from "./support/cli.ts";
import { cardWith } from "./support/template.ts";

let shop: TestApp;
let template: string;

beforeAll(async () => {
  shop = await startTestApp();
  template = await shop.pushTemplate({
    definition: cardWith({ points: { type: "number" }, level: { type: "text" } }),
  });
});
afterAll(() => shop[Symbol.asyncDispose]());

let people = 0;
async function issued() {
  const email = `cli-${++people}@example.com`;
  const externalId = `customer ${people}`;
  const pass = await shop.issue({
    passTemplate: template,
    recipient: { email, externalId },
    pass: { points: 10, level: "Gold" },
  });
  return { pass, email, externalId };
}
type Shown = PassObject & { version: number };
const pass = (...args: string[]) => cli("pass", ...args, "--data", shop.dataDir);
const passJson = (...args: string[]) => cliJson<Shown>("pass", ...args, "--data", shop.dataDir);

describe("pass update", () => {
  test("by serial number: values, additions, or the rest cleared", async () => {
    const { serialNumber } = (await issued()).pass;
    const first = await passJson("update", serialNumber, "--field", "level=Silver", "--add", "points=-2.5");
    expect(first).toMatchObject({ serialNumber, version: 2, pass: { points: "7.5", level: "Silver" } });
    expect((await passJson("update", serialNumber, "--add", "points=1", "--replace")).pass).toEqual({ points: "8.5" });
    const { stdout } = await pass("update", serialNumber, "--field", "level=Gold");
    expect(stdout).toBe(`serial   ${serialNumber}\nstatus   issued\nversion  4\n`);
  });

  test("by the person", async () => {
    const { pass: own, email, externalId } = await issued();
    for (const who of [
      ["--email", email],
      ["--external-id", externalId],
      ["--external-id", own.serialNumber],
    ]) {
      const shown = await passJson("update", "--template", template, ...who, "--add", "points=1");
      expect(shown.serialNumber).toBe(own.serialNumber);
    }
    expect((await shop.app.links.load(own.serialNumber)).pass.values["points"]).toBe("13");
    const nobody = await pass("update", "--template", template, "--email", "x@example.com", "--add", "points=1");
    expect([nobody.status, nobody.stderr]).toEqual([1, "passhook: This person has no live pass of this template.\n"]);
    const noTemplate = await pass("update", "--template", "ptk_0xffff", "--email", email, "--add", "points=1");
    expect([noTemplate.status, noTemplate.stderr]).toEqual([1, 'passhook: There is no template "ptk_0xffff".\n']);
  });

  test("under a key once", async () => {
    const { serialNumber } = (await issued()).pass;
    const add = () => passJson("update", serialNumber, "--add", "points=5", "--idempotency-key", "gift");
    expect((await add()).pass["points"]).toBe("15");
    expect((await add()).pass["points"]).toBe("15");
  });

  test("with a value that cannot be: the reason, and 1", async () => {
    const { serialNumber } = (await issued()).pass;
    const { status, stderr } = await pass("update", serialNumber, "--add", "level=1");
    expect(stderr).toContain("pass.level is of type text; only to a number can something be added");
    expect(status).toBe(1);
  });
});

test.each([
  ["by serial number", ({ pass: { serialNumber } }: Awaited<ReturnType<typeof issued>>) => [serialNumber]],
  ["by the person", ({ email }: Awaited<ReturnType<typeof issued>>) => ["--template", template, "--email", email]],
])("pass void, unvoid and delete %s", async (_, whoOf) => {
  const one = await issued();
  const who = whoOf(one);
  expect((await passJson("void", ...who)).status).toBe("voided");
  expect(await passJson("void", ...who)).toMatchObject({ status: "voided", version: 2 });
  expect((await pass("unvoid", ...who)).stdout).toBe(`Pass ${one.pass.serialNumber} is good.\n`);
  expect((await passJson("unvoid", ...who)).status).toBe("issued");
  expect((await passJson("delete", ...who)).status).toBe("deleted");
  expect((await pass("delete", ...who)).stdout).toBe(`Pass ${one.pass.serialNumber} is deleted.\n`);
  expect((await pass("void", ...who)).status).toBe(1);
});

describe("wrong use ends with 2", () => {
  const WHO = /give a serial number, or --template with --email/;
  test.each<[string, RegExp]>([
    ["update 00000000000000000000000000", /give --field NAME=VALUE, --add NAME=NUMBER/],
    ["update --field a=b", WHO],
    ["update 00000000000000000000000000 --email a@b.example --template x --field a=b", WHO],
    ["update --email a@b.example --field a=b", WHO],
    ["void --template ptk_0x1", WHO],
    ["unvoid", WHO],
    ["delete", WHO],
    ["update x --add points", /--add points: write NAME=NUMBER/],
    ["update x --field points=1 --add points=2", /--add points: it is given a value, or added to, not both/],
  ])("pass %s", async (line, message) => {
    const { status, stdout, stderr } = await pass(...line.split(" "));
    expect(stderr).toMatch(message);
    expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
  });
});
