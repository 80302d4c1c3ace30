import { expect, test } from "bun:test";
import { startFakeKlaviyo, startTestApp } from "./support/app.ts";

test("a webhook becomes a pass, and the profile learns its serial number", async () => {
  await using klaviyo = await startFakeKlaviyo();
  await using shop = await startTestApp({ klaviyo });
  const template = await shop.pushGallery("points-card");
  shop.app.worker.start();

  const pass = await shop.issue({
    passTemplate: template,
    pass: { "member-name": "Sarah", "points-balance": "70.0" },
    recipient: { email: "sarah@example.com" },
  });
  await shop.app.worker.idle();

  const profile = klaviyo.findProfile({ externalId: pass.serialNumber });
  expect(profile?.email).toBe("sarah@example.com");
  expect(profile?.properties).toMatchObject({ wallet_pass_serial: pass.serialNumber, wallet_pass_state: "active" });
  expect(klaviyo.events.map(({ metric, profile_id }) => [metric, profile_id])).toEqual([
    ["Pass Created", profile?.id ?? ""],
  ]);
  const answer = await shop.request(`/p/${pass.serialNumber}`);
  expect(answer.headers.get("content-type")).toBe("application/vnd.apple.pkpass");
});
