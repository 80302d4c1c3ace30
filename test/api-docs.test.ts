import { expect, test } from "bun:test";
import type { PassObject } from "../src/api/pass-object.ts";
import { startTestApp } from "./support/app.ts";
import { runProcess } from "./support/cli-process.ts";
import { ROOT } from "./support/server-process.ts";

test("the examples of docs/api.md do what they say", async () => {
  await using shop = await startTestApp();
  const { port } = shop.app.http.listen({ hostname: "127.0.0.1", port: 0 }).server ?? {};
  const text = await Bun.file(`${ROOT}docs/api.md`).text();
  const examples = [...text.matchAll(/^```sh\n([\s\S]*?)^```$/gm)].map((match) => match[1] ?? "");
  expect(examples.length).toBeGreaterThan(8);
  const env: Record<string, string> = {
    URL: `http://127.0.0.1:${port}`,
    ACCOUNT: shop.accountId,
    KEY: shop.apiKey,
    TEMPLATE: await shop.pushGallery("points-card"),
  };
  for (const example of examples) {
    const { status, stdout } = await runProcess(["bash", "-euc", example], { env });
    expect([example, status, stdout]).toEqual([example, 0, expect.stringMatching(/^\{/)]);
    if (example.includes('"recipient"')) env["SERIAL"] = (JSON.parse(stdout) as PassObject).serialNumber;
  }
});
