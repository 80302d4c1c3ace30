import { expect, test } from "bun:test";
import { X509Certificate } from "node:crypto";
import { readFileSync } from "node:fs";
import { createFakeApple, DAY_MS } from "../../test/support/fake-apple.ts";
import { AppError } from "../errors.ts";
import { readSigningMaterial } from "./certificate.ts";
import { WWDR_G4, wwdrGeneration } from "./wwdr.ts";

const fixture = (name: string) =>
  readFileSync(new URL(`../../test/support/apple-certificates/${name}.pem`, import.meta.url));
const NOW = Date.UTC(2026, 10, 21, 12);
const apple = createFakeApple(NOW);
const { certificate, key } = apple.issue({
  passTypeIdentifier: "pass.com.example.card",
  now: NOW,
  lifetimeMs: 365 * DAY_MS,
});

function refusal(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    if (error instanceof AppError)
      return [error.message, ...error.details.map(({ path, message }) => `${path} ${message}`)].join(" ");
    throw error;
  }
  throw new Error("It was not refused.");
}

test("the intermediate that is built in is Apple's G4", () => {
  const g4 = new X509Certificate(WWDR_G4);
  expect(g4.serialNumber).toBe("13DC77955271E53DC632E8CCFFE521F3CCC5CED2");
  expect(g4.subject.split("\n")).toEqual([
    "CN=Apple Worldwide Developer Relations Certification Authority",
    "OU=G4",
    "O=Apple Inc.",
    "C=US",
  ]);
  expect(new Date(g4.validFrom).toISOString()).toBe("2020-12-16T19:36:04.000Z");
  expect(new Date(g4.validTo).toISOString()).toBe("2030-12-10T00:00:00.000Z");
  expect(g4.fingerprint256).toBe(
    "EA:47:57:88:55:38:DD:8C:B5:9F:F4:55:6F:67:60:87:D8:3C:85:E7:09:02:C1:22:E4:2C:08:08:B5:BC:E1:4C",
  );
});

test("Apple's root signed it", () => {
  const root = new X509Certificate(fixture("root"));
  expect(root.fingerprint256).toBe(
    "B0:B1:73:0E:CB:C7:FF:45:05:14:2C:49:F1:29:5E:6E:DA:6B:CA:ED:7E:2C:68:C5:BE:91:B5:A1:10:01:F0:24",
  );
  const g4 = new X509Certificate(WWDR_G4);
  expect(g4.checkIssued(root)).toBe(true);
  expect(g4.verify(root.publicKey)).toBe(true);
});

test.each(["g1", "g2", "g3", "g5", "g6"])("%s is recognised", (generation) => {
  const pem = fixture(`wwdr-${generation}`);
  expect(wwdrGeneration(pem)).toBe(generation.toUpperCase());
  expect(wwdrGeneration(new X509Certificate(pem).raw)).toBe(generation.toUpperCase());
});

test("G4 is recognised, and a root is none of them", () => {
  expect(wwdrGeneration(WWDR_G4)).toBe("G4");
  expect(wwdrGeneration(fixture("root"))).toBeUndefined();
  expect(wwdrGeneration("no certificate")).toBeUndefined();
});

test.each(["g1", "g2", "g3", "g5", "g6"])(
  "%s in place of G4 is refused with where to get the right one",
  (generation) => {
    const text = refusal(() =>
      readSigningMaterial({ certificate, key, intermediate: fixture(`wwdr-${generation}`) }, NOW),
    );
    expect(text).toContain(generation.toUpperCase());
    expect(text).toContain(
      'download "Worldwide Developer Relations - G4" from https://www.apple.com/certificateauthority/ and give it as the intermediate certificate, or give none: G4 is built in',
    );
  },
);

test("without an intermediate, the built-in one that issued the certificate is taken", () => {
  const material = readSigningMaterial({ certificate, key }, NOW, [WWDR_G4, apple.intermediatePem]);
  expect(material.intermediatePem.trim().replaceAll("\r", "")).toBe(apple.intermediatePem.trim().replaceAll("\r", ""));
  expect(material.development).toBe(false);
});

test("a certificate that only names G4 as its issuer is refused", () => {
  const text = refusal(() => readSigningMaterial({ certificate, key }, NOW));
  expect(text).toContain("the G4 that is built in did not issue it");
});

test("one that was given is never replaced by the built-in one", () => {
  const files = { certificate, key, intermediate: fixture("wwdr-g3") };
  expect(refusal(() => readSigningMaterial(files, NOW, [apple.intermediatePem]))).toContain("G3");
});
