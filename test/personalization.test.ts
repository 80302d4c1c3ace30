import { expect, test } from "bun:test";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { startTestApp } from "./support/app.ts";
import { readPackage } from "./support/read-package.ts";

const TYPE = "pass.dev.passhook.demo";
const INFO = { fullName: "Sarah Miller", emailAddress: "Sarah@Example.com", phoneNumber: "+15005550006" };

async function rewardsShop() {
  const shop = await startTestApp();
  const points = await shop.pushGallery("points-card");
  const { definition, images } = await shop.app.templates.current(shop.accountId, points);
  const template = await shop.pushTemplate({
    images,
    definition: {
      ...definition,
      name: "Rewards",
      personalization: {
        description: "Join our rewards programme.",
        termsAndConditions: "Be kind.",
        fields: { Name: "member-name", EmailAddress: "", PhoneNumber: "" },
      },
    },
  });
  const { serialNumber: serial } = await shop.issue({ passTemplate: template, pass: {} });
  const authorization = `ApplePass ${shop.app.vault.authenticationToken(serial)}`;
  const fetchPass = async () => {
    const answer = await shop.request(`/passkit/v1/passes/${TYPE}/${serial}`, { headers: { authorization } });
    return readPackage(Buffer.from(await answer.bytes()));
  };
  const personalize = (body: unknown, pass = serial) =>
    shop.request(`/passkit/v1/passes/${TYPE}/${pass}/personalize`, {
      method: "POST",
      body: typeof body === "string" ? body : JSON.stringify(body),
    });
  return { shop, points, serial, fetchPass, personalize };
}

test("the package asks until the customer has signed up; then the pass knows them", async () => {
  const { shop, serial, fetchPass, personalize } = await rewardsShop();
  await using _ = shop;
  const before = await fetchPass();
  expect(JSON.parse(String(before.get("personalization.json")))).toEqual({
    requiredPersonalizationFields: [
      "PKPassPersonalizationFieldName",
      "PKPassPersonalizationFieldEmailAddress",
      "PKPassPersonalizationFieldPhoneNumber",
    ],
    description: "Join our rewards programme.",
    termsAndConditions: "Be kind.",
  });

  const answer = await personalize({ personalizationToken: "token-1", requiredPersonalizationInfo: INFO });
  expect([answer.status, answer.headers.get("content-type")]).toEqual([200, "application/octet-stream"]);
  const signature = join(shop.dataDir, "signature.der");
  const token = join(shop.dataDir, "token");
  writeFileSync(signature, await answer.bytes());
  writeFileSync(token, "token-1");
  // The chain is a development one: what counts is that the signature is over the token.
  const verify = ["cms", "-verify", "-binary", "-inform", "DER", "-in", signature, "-content", token, "-noverify"];
  expect(Bun.spawnSync(["openssl", ...verify], { stdout: "ignore", stderr: "ignore" }).exitCode).toBe(0);

  const after = await fetchPass();
  expect(after.has("personalization.json")).toBe(false);
  expect(String(after.get("pass.json"))).toContain("Sarah Miller");
  const { pass, recipient } = await shop.app.links.load(serial);
  expect(recipient).toMatchObject({ name: "Sarah Miller", email: "sarah@example.com", phone: "+15005550006" });
  expect([pass.values["member-name"], pass.version]).toEqual(["Sarah Miller", 2]);
});

test("signing up again changes nothing and is signed as well", async () => {
  const { shop, serial, personalize } = await rewardsShop();
  await using _ = shop;
  await personalize({ personalizationToken: "token-1", requiredPersonalizationInfo: INFO });
  const other = { ...INFO, fullName: "Somebody Else" };
  expect((await personalize({ personalizationToken: "token-2", requiredPersonalizationInfo: other })).status).toBe(200);
  const { pass, recipient } = await shop.app.links.load(serial);
  expect([recipient.name, pass.version]).toEqual(["Sarah Miller", 2]);
});

test("what is no sign-up is refused, and never a 500", async () => {
  const { shop, points, personalize } = await rewardsShop();
  await using _ = shop;
  const statuses: number[] = [];
  for (const body of ["", "[]", {}, { personalizationToken: 1 }, { personalizationToken: "x".repeat(5_000) }]) {
    statuses.push((await personalize(body)).status);
  }
  expect(statuses).toEqual([400, 400, 400, 400, 400]);
  expect((await personalize({ personalizationToken: "t" }, "0".repeat(26))).status).toBe(404);
  const plain = await shop.issue({ passTemplate: points, pass: {} });
  expect((await personalize({ personalizationToken: "t" }, plain.serialNumber)).status).toBe(404);
  const odd = {
    personalizationToken: "t",
    requiredPersonalizationInfo: { fullName: 1, emailAddress: "no", phoneNumber: [] },
  };
  expect((await personalize(odd)).status).toBe(200);
});
