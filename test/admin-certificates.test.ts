import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import forge from "node-forge";
import { type AdminBrowser, signedIn, textOf } from "./support/admin-browser.ts";
import { startTestApp, type TestApp } from "./support/app.ts";
import { createFakeApple, DAY_MS, type FakeApple } from "./support/fake-apple.ts";

const PASS_TYPE = "pass.com.example.card";

let shop: TestApp;
let owner: AdminBrowser;
let apple: FakeApple;
const at = (path: string): string => `/admin/${shop.accountId}${path}`;
const read = async (path: string): Promise<string> => textOf(await owner.page(at(path)));

beforeEach(async () => {
  shop = await startTestApp();
  owner = await signedIn(shop, "owner");
  apple = createFakeApple(shop.clock.now());
});
afterEach(() => shop[Symbol.asyncDispose]());

const yearFrom = (now: number, days = 365) => ({ passTypeIdentifier: PASS_TYPE, now, lifetimeMs: days * DAY_MS });
const fileOf = (bytes: Buffer | string, name = "pass.cer") => new File([Uint8Array.from(Buffer.from(bytes))], name);
const intermediate = () => fileOf(apple.intermediatePem, "g4.pem");

async function requestFile(): Promise<{ address: string; response: Response }> {
  const html = await owner.do(at("/certificates/add/request"));
  const address = /href="([^"]*\/certificates\/add\/file[^"]*)"/.exec(html)?.[1] ?? "";
  return { address, response: await owner.get(address) };
}

/** What stands at a field that is wrong. */
const faultsIn = (html: string): string[] =>
  [...html.matchAll(/<div class="error"[^>]*>(.*?)<\/div>/g)].map(([, text]) => textOf(text ?? "").trim());

describe("without a Mac", () => {
  test("a request is made, given to Apple, and answered", async () => {
    const { address, response } = await requestFile();
    expect(response.headers.get("content-disposition")).toMatch(
      /^attachment; filename="passhook-csr_\w+\.certSigningRequest"$/,
    );
    expect(response.headers.get("cache-control")).toBe("private, no-store");
    const csr = await response.text();
    expect(csr).not.toContain("PRIVATE KEY");
    expect(forge.pki.certificationRequestFromPem(csr).verify()).toBe(true);
    // As often as it is asked for.
    expect(await (await owner.get(address)).text()).toBe(csr);
    expect(await read("/certificates")).toContain("A request waits for Apple's answer.");

    const certificate = fileOf(apple.certify(csr, yearFrom(shop.clock.now())));
    const stored = await owner.upload(at("/certificates/add/issued"), { certificate, intermediate: intermediate() });
    expect(stored.headers.get("location")).toBe(at("/certificates"));
    const list = await read("/certificates");
    expect(list).toContain(`The certificate for ${PASS_TYPE} is here.`);
    expect(list).toMatch(/pass\.com\.example\.card A1B2C3D4E5 next year 2\d{3}-\d\d-\d\d Signs/);
    expect(list).toContain("Not used One of Apple's has taken its place.");
    expect(list).not.toContain("A request waits");
    expect((await owner.get(address)).status).toBe(404);
  });

  test("a certificate of nobody's request says so", async () => {
    const certificate = fileOf(apple.issue(yearFrom(shop.clock.now())).certificate);
    const response = await owner.upload(at("/certificates/add/issued"), { certificate });
    expect(response.status).toBe(400);
    expect(textOf(await response.text())).toContain("No certificate request waits in account");
  });

  test("another account's request is not given out", async () => {
    const other = await shop.app.accounts.create("Other");
    const { id } = await shop.app.identities.request(other.id);
    expect((await owner.get(at(`/certificates/add/file?request=${id}`))).status).toBe(404);
  });
});

describe("with its key", () => {
  const pair = () => {
    const { certificate, key } = apple.issue(yearFrom(shop.clock.now()));
    return { certificate: fileOf(certificate), key: fileOf(key, "key.pem"), intermediate: intermediate() };
  };

  test("as two files", async () => {
    expect((await owner.upload(at("/certificates/add/pair"), pair())).status).toBe(303);
    expect(await read("/certificates")).toContain("Signs Passes and pushes");
  });

  test("as PKCS #12, with its passphrase", async () => {
    const { certificate, key } = apple.issue(yearFrom(shop.clock.now()));
    const p12 = forge.pkcs12.toPkcs12Asn1(
      forge.pki.privateKeyFromPem(key.toString()),
      [forge.pki.certificateFromPem(certificate.toString()), forge.pki.certificateFromPem(apple.intermediatePem)],
      "secret",
      { algorithm: "3des" },
    );
    const file = fileOf(Buffer.from(forge.asn1.toDer(p12).getBytes(), "binary"), "pass.p12");
    const wrong = await owner.upload(at("/certificates/add/p12"), { p12: file, passphrase: "guess" });
    expect(wrong.status).toBe(400);
    const page = await wrong.text();
    expect(textOf(page)).toContain("The passphrase of the PKCS #12 file is wrong.");
    expect(page).not.toContain("guess");
    expect((await owner.upload(at("/certificates/add/p12"), { p12: file, passphrase: "secret" })).status).toBe(303);
  });

  test.each([
    ["the key of another", async () => ({ ...pair(), key: pair().key }), "Does not belong to the certificate."],
    [
      "one that has expired",
      async () => {
        const { certificate, key } = apple.issue(yearFrom(shop.clock.now() - 400 * DAY_MS));
        return { ...pair(), certificate: fileOf(certificate), key: fileOf(key) };
      },
      "Expired on",
    ],
    [
      "one of an app",
      async () => {
        const { certificate, key } = apple.issue({
          ...yearFrom(shop.clock.now()),
          passTypeIdentifier: "com.example.app",
        });
        return { ...pair(), certificate: fileOf(certificate), key: fileOf(key) };
      },
      "is not a Pass Type ID certificate",
    ],
    [
      "another intermediate than the one that issued it",
      async () => ({
        ...pair(),
        intermediate: await Bun.file(`${import.meta.dir}/support/apple-certificates/wwdr-g3.pem`).bytes(),
      }),
      'download "Worldwide Developer Relations - G4"',
    ],
  ])("%s is refused at its field", async (_, files, fault) => {
    const { intermediate: other, ...rest } = await files();
    const given = other instanceof File ? other : fileOf(Buffer.from(other));
    const response = await owner.upload(at("/certificates/add/pair"), { ...rest, intermediate: given });
    expect(response.status).toBe(400);
    expect(faultsIn(await response.text()).join(" ")).toContain(fault);
    expect(await read("/certificates")).not.toContain(PASS_TYPE);
  });

  test("nothing, nonsense, and too much", async () => {
    const nothing = await owner.upload(at("/certificates/add/pair"), { key: fileOf("x") });
    expect(faultsIn(await nothing.text())).toEqual(["Choose a file."]);
    const nonsense = await owner.upload(at("/certificates/add/issued"), { certificate: fileOf("<html>") });
    expect(nonsense.status).toBe(400);
    expect(textOf(await nonsense.text())).toContain("neither PEM nor DER");
    const large = await owner.upload(at("/certificates/add/issued"), { certificate: fileOf("x".repeat(300_000)) });
    expect(large.status).toBe(413);
    expect(textOf(await large.text())).toContain("This is larger than 256 KB.");
  });
});

test("the end comes nearer in words and colours", async () => {
  await shop.app.identities.import(shop.accountId, apple.issue(yearFrom(shop.clock.now(), 40)));
  const toneOf = async () => {
    const row =
      /<tr>(?:(?!<tr>).)*pass\.com\.example\.card.*?<\/tr>/.exec(await owner.page(at("/certificates")))?.[0] ?? "";
    return /<td data-label="Ends"><div>(?:<span class="badge (\w+)">)?/.exec(row)?.[1] ?? "plain";
  };
  const tones: string[] = [];
  for (const days of [0, 11, 16, 6, 6, 2]) {
    shop.clock.advance(days * DAY_MS);
    await owner.signIn("owner@example.com");
    tones.push(await toneOf());
  }
  expect(tones).toEqual(["plain", "warning", "warning", "bad", "bad", "bad"]);
  expect(await read("/certificates")).toContain("Expired Nothing else is here for pass.com.example.card");
});
