import { randomBytes } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { runProcess } from "./cli-process.ts";

const LEAF = "/UID=pass.com.example.card/CN=Pass Type ID: pass.com.example.card/OU=A1B2C3D4E5/O=Shop/C=US";

/**
 * Fills a folder with certificates and keys in every form that people have them in, all made by the openssl program:
 * `leaf.pem` of `leaf.key`, issued by `authority.pem`, and what is wrong with others is in their names. Every passphrase
 * is `secret`.
 */
export async function makeCertificateFiles(folder: string): Promise<void> {
  const path = (name: string) => join(folder, name);
  const file = (name: string) => readFileSync(path(name));
  /** File names in the command are those of the folder. */
  const openssl = async (command: string, ...more: string[]) => {
    const args = [...command.split(" ").map((word) => (/\.\w+$/.test(word) ? path(word) : word)), ...more];
    const { status, stderr } = await runProcess(["openssl", ...args]);
    if (status !== 0) throw new Error(`openssl ${args.join(" ")}: ${stderr}`);
  };
  /** A certificate for `key`, issued by the authority. */
  const issue = async (name: string, key: string, subject: string) => {
    await openssl(`req -new -key ${key}.key -out ${name}.csr -subj`, subject);
    await openssl(`x509 -req -in ${name}.csr -CA authority.pem -CAkey authority.key -days 365 -out ${name}.pem`);
  };

  const rsa = "genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -out";
  await Promise.all(["authority", "twin", "leaf", "other"].map((name) => openssl(`${rsa} ${name}.key`)));
  await openssl("genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out ec.key");
  const authority = "/CN=Test Authority/O=Test";
  await openssl("req -x509 -new -key authority.key -days 730 -out authority.pem -subj", authority);
  await openssl("req -x509 -new -key twin.key -days 730 -out twin.pem -subj", authority);
  await openssl("req -x509 -new -key other.key -days 730 -out other-authority.pem -subj", "/CN=Another Authority");
  await issue("leaf", "leaf", LEAF);
  await issue("no-uid", "leaf", LEAF.replace("/UID=pass.com.example.card", ""));
  await issue("app", "leaf", LEAF.replace("UID=pass.", "UID="));
  await issue("no-ou", "leaf", LEAF.replace("/OU=A1B2C3D4E5", ""));
  await issue("ec", "ec", LEAF);

  await openssl("x509 -in leaf.pem -outform DER -out leaf.cer");
  await openssl("x509 -in authority.pem -outform DER -out authority.cer");
  await openssl("rsa -in leaf.key -traditional -out pkcs1.key");
  await openssl("rsa -in leaf.key -traditional -outform DER -out pkcs1.der");
  await openssl("pkcs8 -topk8 -nocrypt -in leaf.key -outform DER -out pkcs8.der");
  await openssl("pkcs8 -topk8 -v2 aes-256-cbc -in leaf.key -passout pass:secret -out pkcs8-encrypted.key");
  await openssl("rsa -in leaf.key -aes256 -traditional -passout pass:secret -out pkcs1-encrypted.key");
  const p12 = "pkcs12 -export -inkey leaf.key -in leaf.pem -certfile authority.pem";
  await openssl(`${p12} -passout pass:secret -out modern.p12`);
  await openssl(`${p12} -legacy -passout pass:secret -out legacy.p12`);
  await openssl(`${p12} -passout pass: -out empty-passphrase.p12`);
  await openssl("pkcs12 -export -inkey leaf.key -in leaf.pem -passout pass: -out alone.p12");
  await openssl(`${p12} -nokeys -passout pass: -out no-key.p12`);
  await openssl("pkcs12 -export -inkey leaf.key -nocerts -passout pass: -out no-certificate.p12");
  await openssl("pkcs12 -export -inkey ec.key -in ec.pem -certfile authority.pem -passout pass: -out ec.p12");
  writeFileSync(path("chain.pem"), Buffer.concat([file("leaf.pem"), file("authority.pem")]));
  writeFileSync(path("garbage.bin"), randomBytes(2_000));
  writeFileSync(path("page.html"), "<html><title>Sign in</title></html>");
  writeFileSync(
    path("broken.pem"),
    file("leaf.pem")
      .toString()
      .replace(/\n.{20}/, "\n"),
  );
}
