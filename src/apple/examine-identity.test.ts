import { expect, test } from "bun:test";
import { createFakeApple, DAY_MS } from "../../test/support/fake-apple.ts";
import { createDevelopmentChain } from "./development-chain.ts";
import { examineIdentity } from "./examine-identity.ts";

const NOW = Date.UTC(2026, 10, 21, 12);
const CARD = { passTypeIdentifier: "pass.com.example.card", now: NOW, lifetimeMs: 40 * DAY_MS };
const apple = createFakeApple(NOW);
const [one, other] = [apple.issue(CARD), apple.issue(CARD)];
const identity = {
  id: "sid_1",
  accountId: "aid_0x1",
  passTypeIdentifier: CARD.passTypeIdentifier,
  teamIdentifier: "A1B2C3D4E5",
  certificatePem: one.certificate.toString(),
  intermediatePem: apple.intermediatePem,
  privateKeyEncrypted: "",
  fingerprint: "",
  development: false,
  expiresAt: NOW + CARD.lifetimeMs,
  createdAt: NOW,
};
const key = one.key.toString();

test("an identity that signs has no problems", async () => {
  expect(await examineIdentity(identity, key, NOW)).toEqual([]);
});

test("what does not fit is named", async () => {
  const paths = async (...args: Parameters<typeof examineIdentity>) =>
    (await examineIdentity(...args)).map(({ path }) => path);
  expect(await paths(identity, other.key.toString(), NOW)).toEqual(["key"]);
  expect(await paths(identity, key, NOW + 41 * DAY_MS)).toEqual(["certificate"]);
  const strange = createDevelopmentChain({ ...CARD, teamIdentifier: "A1B2C3D4E5" });
  expect(await paths({ ...identity, intermediatePem: strange.intermediatePem }, key, NOW)).toEqual(["intermediate"]);
  expect(await paths({ ...identity, certificatePem: "no certificate" }, key, NOW)).toEqual(["certificate"]);
});
