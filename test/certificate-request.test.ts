import { expect, test } from "bun:test";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import forge from "node-forge";
import type { IdentityInfo } from "../src/apple/identities.ts";
import { startTestApp } from "./support/app.ts";
import { cli, cliJson } from "./support/cli.ts";
import { createFakeClock } from "./support/clock.ts";
import { createFakeApple, DAY_MS, TEAM } from "./support/fake-apple.ts";
import { type TemporaryFolder, temporaryFolder } from "./support/temporary-folder.ts";

const NOW = Date.now();
const apple = createFakeApple(NOW);
const PASS_TYPE = "pass.com.example.card";
const YEAR = { passTypeIdentifier: PASS_TYPE, now: NOW, lifetimeMs: 365 * DAY_MS };

interface Workplace extends TemporaryFolder {
  readonly accountId: string;
  readonly data: readonly string[];
  /** `passhook certificate request`. */
  request(...args: readonly string[]): Promise<{ id: string; file: string }>;
  /** Puts a file there and answers its path. */
  file(name: string, content: string | Buffer): string;
}

async function workplace(): Promise<Workplace> {
  const folder = temporaryFolder();
  const data = ["--data", join(folder.path, "data")];
  const { id: accountId } = await cliJson<{ id: string }>("account", "create", "--name", "Shop", ...data);
  return {
    ...folder,
    accountId,
    data,
    request: (...args) => cliJson("certificate", "request", "--out", folder.path, ...args, ...data),
    file(name, content) {
      const path = join(folder.path, name);
      writeFileSync(path, content);
      return path;
    },
  };
}

const intermediateOf = (place: Workplace) => ["--intermediate", place.file("g4.pem", apple.intermediatePem)];

function answer(place: Workplace, file: string, options = YEAR): string {
  return place.file(`pass-${options.now}.cer`, apple.certify(readFileSync(file, "utf8"), options));
}

/** What the keys in the database are for. */
async function storedKeys(place: Workplace): Promise<string[]> {
  await using opened = await startTestApp({ dataDir: place.data[1] ?? "", clock: createFakeClock(NOW) });
  const secrets = await opened.app.storedSecrets();
  for (const { ciphertext, context } of secrets) {
    expect(opened.app.vault.decrypt(ciphertext, context)).toStartWith("-----BEGIN PRIVATE KEY-----");
  }
  return secrets.map(({ context }) => context.replace(/ [a-z]+_.*/, "")).sort();
}

test("a request is signed with a new key of 2048 bits, which is stored encrypted only", async () => {
  using place = await workplace();
  const { id, file } = await place.request();

  expect(file).toBe(join(place.path, `passhook-${id}.certSigningRequest`));
  const csr = forge.pki.certificationRequestFromPem(readFileSync(file, "utf8"));
  expect(csr.verify()).toBe(true);
  expect((csr.publicKey as forge.pki.rsa.PublicKey).n.bitLength()).toBe(2048);
  expect(csr.siginfo.algorithmOid).toBe(forge.pki.oids["sha256WithRSAEncryption"] ?? "");
  expect(csr.subject.getField("CN")?.value).toBe(`Passhook ${id}`);

  expect(await storedKeys(place)).toEqual(["certificate request", "signing identity"]);
  for (const name of readdirSync(place.path, { recursive: true, encoding: "utf8" })) {
    if (/\.(db|db-wal|key|certSigningRequest)$/.test(name)) {
      expect(readFileSync(join(place.path, name), "latin1")).not.toContain("PRIVATE KEY");
    }
  }
});

test("the next steps are told in plain words", async () => {
  using place = await workplace();
  const file = join(place.path, "shop.csr");
  const { stdout, status } = await cli(
    ...["certificate", "request", "--out", file, "--account", place.accountId],
    ...place.data,
  );
  expect(status).toBe(0);
  expect(stdout).toContain(file);
  expect(stdout).toContain("https://developer.apple.com/account/resources/certificates/add");
  expect(stdout).toContain(`passhook certificate import --cert pass.cer --account ${place.accountId}`);
});

test("the certificate alone is enough for the import, and the request is done with", async () => {
  using place = await workplace();
  await place.request();
  const { file } = await place.request();
  const certificate = answer(place, file);

  const args = ["certificate", "import", "--cert", certificate, ...intermediateOf(place), ...place.data];
  const imported = await cliJson<IdentityInfo>(...args);
  expect(imported).toMatchObject({ passTypeIdentifier: PASS_TYPE, teamIdentifier: TEAM, development: false });
  expect(await storedKeys(place)).toEqual(["certificate request", "signing identity", "signing identity"]);

  const again = await cliJson<IdentityInfo>(...args);
  expect(again.id).toBe(imported.id);
});

test("next year's certificate may come from the same request file", async () => {
  using place = await workplace();
  const { file } = await place.request();
  const args = [...intermediateOf(place), ...place.data];
  const first = await cliJson<IdentityInfo>("certificate", "import", "--cert", answer(place, file), ...args);
  const renewal = answer(place, file, { ...YEAR, now: NOW - 60_000, lifetimeMs: 700 * DAY_MS });
  const second = await cliJson<IdentityInfo>("certificate", "import", "--cert", renewal, ...args);
  expect(second.id).not.toBe(first.id);
  expect(await storedKeys(place)).toEqual(["signing identity", "signing identity", "signing identity"]);
});

test("where no request fits, the message says what waits and what to do", async () => {
  using place = await workplace();
  const stranger = place.file("pass.cer", apple.issue(YEAR).certificate);
  const args = ["certificate", "import", "--cert", stranger, ...intermediateOf(place), ...place.data];

  const none = await cli(...args);
  expect(none.status).toBe(1);
  expect(none.stderr).toContain(`No certificate request waits in account ${place.accountId}`);
  expect(none.stderr).toContain("Give the key, too");

  const { id } = await place.request();
  const other = await cli(...args);
  expect(other.status).toBe(1);
  expect(other.stderr).toContain(`made from none of the requests that wait in account ${place.accountId} (${id} of `);
});

test("another account's request is not used", async () => {
  using place = await workplace();
  const other = await cliJson<{ id: string }>("account", "create", "--name", "Other", ...place.data);
  const { file } = await place.request("--account", other.id);
  const args = ["certificate", "import", "--cert", answer(place, file), ...intermediateOf(place), ...place.data];
  expect((await cli(...args)).stderr).toContain(`No certificate request waits in account ${place.accountId}`);
  expect(await cliJson<IdentityInfo>(...args, "--account", other.id)).toMatchObject({ passTypeIdentifier: PASS_TYPE });
});

test("a certificate that cannot be used leaves its request waiting", async () => {
  using place = await workplace();
  const { file } = await place.request();
  const old = answer(place, file, { ...YEAR, now: NOW - 400 * DAY_MS });
  const { status, stderr } = await cli(
    ...["certificate", "import", "--cert", old, ...intermediateOf(place), ...place.data],
  );
  expect(status).toBe(1);
  expect(stderr).toContain("expired");
  expect(await storedKeys(place)).toEqual(["certificate request", "signing identity"]);
});

test("a file that is there is not written over, and no key is made for it", async () => {
  using place = await workplace();
  const taken = place.file("taken.csr", "somebody's");
  const run = (out: string) => cli("certificate", "request", "--out", out, ...place.data);
  expect((await run(taken)).stderr).toContain("exists already");
  expect(readFileSync(taken, "utf8")).toBe("somebody's");
  expect((await run(join(place.path, "nowhere", "shop.csr"))).stderr).toContain("does not exist");
  expect(await storedKeys(place)).toEqual(["signing identity"]);
});

test("neither certificate nor PKCS #12 is wrong use", async () => {
  using place = await workplace();
  expect((await cli("certificate", "import", "--key", "x.key", ...place.data)).status).toBe(2);
});
