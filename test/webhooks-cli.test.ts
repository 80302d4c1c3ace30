import { afterAll, beforeAll, expect, test } from "bun:test";
import { join } from "node:path";
import { PUBLIC_URL } from "./support/app.ts";
import { cli, cliJson } from "./support/cli.ts";
import { type Receiver, startReceiver } from "./support/receiver.ts";
import { temporaryFolder } from "./support/temporary-folder.ts";
import type { CreatedWebhook, ResultObject, WebhookObject } from "./support/webhook-shop.ts";

interface List<T> {
  readonly items: readonly T[];
  readonly next: string | null;
}

const folder = temporaryFolder();
const settings = [
  ...["--data", join(folder.path, "data"), "--public-url", PUBLIC_URL],
  ...["--webhook-allow-private", "127.0.0.1"],
];
let receiver: Receiver;
beforeAll(async () => {
  receiver = await startReceiver({ plain: true });
  await cliJson("account", "create", "--name", "Shop", ...settings);
});
afterAll(async () => {
  await receiver[Symbol.asyncDispose]();
  folder[Symbol.dispose]();
});

const create = (...more: readonly string[]) =>
  cliJson<CreatedWebhook>("webhook", "create", "--name", "Till", "--url", receiver.url, ...more, ...settings);

test("create shows the secrets, list does not; update, results, test and delete", async () => {
  const made = await create("--event", "pn.pass.installed", "--event", "pn.pass.updated", "--include-values");
  expect(made).toMatchObject({ active: true, includeValues: true, passTemplate: null });
  expect(made.subscribedEvents).toEqual(["pn.pass.installed", "pn.pass.updated"]);
  expect((await create()).subscribedEvents).toHaveLength(5);
  const text = await cli("webhook", "create", "--name", "Shown", "--url", receiver.url, ...settings);
  expect(text.stdout).toMatch(/^bearer token +whb_[\w-]{43}$/m);
  expect(text.stdout).toMatch(/^signing secret +whsec_\S+$/m);

  const listed = await cli("webhook", "list", ...settings);
  expect(listed.stdout).toContain(made.id);
  expect(listed.stdout).not.toMatch(/whb_|whsec_/);
  const seen: string[] = [];
  for (let after: readonly string[] = []; ; ) {
    const page = await cliJson<List<WebhookObject>>("webhook", "list", "--limit", "2", ...after, ...settings);
    seen.push(...page.items.map(({ id }) => id));
    if (page.next === null) break;
    after = ["--after", page.next];
  }
  expect([seen[0], seen.length, new Set(seen).size]).toEqual([made.id, 3, 3]);

  receiver.plan({ status: 200, body: "hello\n\u001b[2Jthere" }, { status: 418 });
  expect(await cliJson<ResultObject>("webhook", "test", made.id, ...settings)).toMatchObject({ responseStatus: 200 });
  const refused = await cli("webhook", "test", made.id, ...settings);
  expect(refused).toMatchObject({ status: 1, stdout: "The receiver's answer: 418\n" });
  const results = await cliJson<List<ResultObject>>("webhook", "results", made.id, ...settings);
  expect(results.items.map(({ responseStatus }) => responseStatus)).toEqual([418, 200]);
  expect((await cli("webhook", "results", made.id, ...settings)).stdout).toContain("200 hello [2Jthere");

  const off = await cliJson<WebhookObject>("webhook", "update", made.id, "--deactivate", "--name", "Old", ...settings);
  expect(off).toMatchObject({ active: false, name: "Old" });
  const on = await cliJson<WebhookObject>("webhook", "update", made.id, "--activate", ...settings);
  expect(on).toMatchObject({ active: true, name: "Old" });
  expect(await cliJson<object>("webhook", "delete", made.id, ...settings)).toEqual({ id: made.id });
  const gone = await cli("webhook", "results", made.id, ...settings);
  expect(gone).toMatchObject({ status: 1, stderr: `passhook: There is no webhook "${made.id}".\n` });
});

test.each([
  [1, "create --name Till --url http://10.0.0.1/", "url leads to 10.0.0.1, which is not on the public internet"],
  [1, "create --name Till --url https://example.com --event installed", 'holds "installed", which is never sent'],
  [1, "create --name Till --url https://example.com --template ptk_0xffff", 'There is no template "ptk_0xffff"'],
  [2, "create --name Till", "required option '--url <url>' not specified"],
  [2, "update whk_1", "give what to change"],
  [2, "update whk_1 --activate --deactivate", "give --activate or --deactivate"],
  [2, "list --after x", '"x" is not the cursor of a page'],
])("%i: %s", async (status, line, message) => {
  const run = await cli("webhook", ...line.split(" "), ...settings);
  expect(run.status).toBe(status);
  expect(run.stderr).toContain(message);
});
