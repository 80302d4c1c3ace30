import { createHash, createPrivateKey, type KeyObject } from "node:crypto";
import forge from "node-forge";
import { AppError, messageOf, type Problem } from "../errors.ts";
import { GET_OTHER_WWDR, GET_WWDR, WWDR_G4, WWDR_NAME, wwdrGeneration } from "./wwdr.ts";

type Certificate = forge.pki.Certificate;

/** A Pass Type ID certificate with its key and issuer, checked and ready to sign. */
export interface SigningMaterial {
  readonly passTypeIdentifier: string;
  readonly teamIdentifier: string;
  readonly certificatePem: string;
  readonly intermediatePem: string;
  /** PKCS #8, unencrypted: encrypt before storing. */
  readonly privateKeyPem: string;
  /** SHA-256 of the leaf's DER, hex. */
  readonly fingerprint: string;
  readonly notBefore: number;
  readonly expiresAt: number;
  /** Not issued by Apple: fine for trying things out, refused by every iPhone. */
  readonly development: boolean;
}

/** What a person hands in: files as they came from Keychain, openssl or Apple's portal. */
export type CertificateFiles =
  | { readonly p12: Buffer; readonly passphrase?: string | undefined; readonly intermediate?: Buffer | undefined }
  | {
      readonly certificate: Buffer;
      readonly key: Buffer;
      readonly passphrase?: string | undefined;
      readonly intermediate?: Buffer | undefined;
    };

interface Parts {
  readonly leaf: Certificate;
  readonly key: forge.pki.rsa.PrivateKey;
  readonly others: readonly Certificate[];
}

const OID_UID = "0.9.2342.19200300.100.1.1";
const OID_OU = "2.5.4.11";
const OID_CN = "2.5.4.3";

/**
 * Reads PKCS #12, PEM or DER and checks everything an iPhone would check about the signer. Throws `invalid` with every
 * problem and what to do about it. Where no intermediate is given, that of `builtIn` (PEM) which issued it is taken.
 */
export function readSigningMaterial(
  files: CertificateFiles,
  now: number,
  builtIn: readonly string[] = [WWDR_G4],
): SigningMaterial {
  const { leaf, key, others } = "p12" in files ? readPkcs12(files.p12, files.passphrase) : readLeafAndKey(files);
  const given = files.intermediate ? readCertificates(files.intermediate, "intermediate") : [];
  const known = files.intermediate ? [] : builtIn.map((pem) => forge.pki.certificateFromPem(pem));
  const intermediate = [...given, ...others, ...known].find((certificate) => isIssuedBy(leaf, certificate));

  const problems: Problem[] = [
    ...checkSubject(leaf),
    ...checkKey(leaf, key),
    ...checkDates(leaf, now, "certificate"),
    ...(intermediate
      ? checkDates(intermediate, now, "intermediate")
      : missingIntermediate(leaf, [...given, ...others])),
  ];
  if (problems.length > 0 || !intermediate) {
    throw new AppError("invalid", "The signing certificate cannot be used:", { details: problems });
  }
  const der = forge.asn1.toDer(forge.pki.certificateToAsn1(leaf)).getBytes();
  return {
    passTypeIdentifier: attribute(leaf, OID_UID) ?? "",
    teamIdentifier: attribute(leaf, OID_OU) ?? "",
    certificatePem: forge.pki.certificateToPem(leaf),
    intermediatePem: forge.pki.certificateToPem(intermediate),
    privateKeyPem: createPrivateKey(forge.pki.privateKeyToPem(key)).export({ type: "pkcs8", format: "pem" }).toString(),
    fingerprint: createHash("sha256").update(Buffer.from(der, "binary")).digest("hex"),
    notBefore: leaf.validity.notBefore.getTime(),
    expiresAt: leaf.validity.notAfter.getTime(),
    development: !isApple(leaf),
  };
}

/** SHA-256 (hex) of the public key (SubjectPublicKeyInfo) in a certificate file. Throws `invalid`. */
export function publicKeyHashOf(certificateFile: Buffer): string {
  const [leaf] = readCertificates(certificateFile, "certificate");
  if (!leaf) throw new AppError("invalid", "The certificate file holds no certificate.");
  const der = forge.asn1.toDer(forge.pki.publicKeyToAsn1(leaf.publicKey)).getBytes();
  return createHash("sha256").update(Buffer.from(der, "binary")).digest("hex");
}

function readPkcs12(bytes: Buffer, passphrase = ""): Parts {
  let p12: forge.pkcs12.Pkcs12Pfx;
  try {
    p12 = forge.pkcs12.pkcs12FromAsn1(forge.asn1.fromDer(bytes.toString("binary")), passphrase);
  } catch (error) {
    const text = messageOf(error);
    throw /MAC could not be verified|Invalid password/i.test(text)
      ? new AppError("invalid", "The passphrase of the PKCS #12 file is wrong.")
      : new AppError(
          "invalid",
          `The file cannot be read as PKCS #12 (${text}). Export it from Keychain Access as .p12.`,
        );
  }
  const bags = p12.safeContents.flatMap((content) => content.safeBags);
  const key = bags.flatMap((bag) => (bag.key ? [bag.key as forge.pki.rsa.PrivateKey] : []))[0];
  const certificates = bags.flatMap((bag) => (bag.cert ? [bag.cert] : []));
  const { keyBag, pkcs8ShroudedKeyBag } = forge.pki.oids;
  if (!key && bags.some(({ type }) => type === keyBag || type === pkcs8ShroudedKeyBag)) throw notRsa();
  if (!key)
    throw new AppError(
      "invalid",
      "The PKCS #12 file holds no private key. In Keychain Access, export the certificate together with its key.",
    );
  const leaf = certificates.find((certificate) => attribute(certificate, OID_UID)) ?? certificates[0];
  if (!leaf) throw new AppError("invalid", "The PKCS #12 file holds no certificate with an RSA key.");
  return { leaf, key, others: certificates.filter((certificate) => certificate !== leaf) };
}

function readLeafAndKey(files: Extract<CertificateFiles, { certificate: Buffer }>): Parts {
  const [leaf, ...others] = readCertificates(files.certificate, "certificate");
  if (!leaf) throw new AppError("invalid", "The certificate file holds no certificate.");
  return { leaf, key: readKey(files.key, files.passphrase), others };
}

/** Every certificate of a PEM file, or the one of a DER file (`.cer` as Apple sends it). */
function readCertificates(bytes: Buffer, what: string): Certificate[] {
  const text = bytes.toString("latin1");
  try {
    const blocks = text.match(/-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g);
    if (blocks) return blocks.map((block) => forge.pki.certificateFromPem(block));
    return [forge.pki.certificateFromAsn1(forge.asn1.fromDer(text))];
  } catch (error) {
    const reason = messageOf(error);
    const generation = what === "intermediate" ? wwdrGeneration(bytes) : undefined;
    if (generation) {
      const which = `The intermediate is Apple's WWDR ${generation}, which issues no Pass Type ID certificates`;
      throw new AppError("invalid", `${which}; ${GET_OTHER_WWDR}.`);
    }
    throw new AppError(
      "invalid",
      /not RSA|public key/i.test(reason)
        ? `The ${what} has a key that is not RSA. Ask Apple for a Pass Type ID certificate with an RSA key (2048 bits).`
        : `The ${what} is neither PEM nor DER (${reason}).`,
    );
  }
}

function readKey(bytes: Buffer, passphrase: string | undefined): forge.pki.rsa.PrivateKey {
  const isPem = bytes.includes("-----BEGIN");
  try {
    // The runtime's own reader knows every form: PKCS #1, PKCS #8, encrypted or not.
    const key = isPem
      ? createPrivateKey({ key: bytes, format: "pem", ...(passphrase === undefined ? {} : { passphrase }) })
      : readDerKey(bytes);
    if (key.asymmetricKeyType !== "rsa") throw notRsa();
    return forge.pki.privateKeyFromPem(key.export({ type: "pkcs1", format: "pem" }).toString());
  } catch (error) {
    if (error instanceof AppError) throw error;
    const encrypted = isPem && /ENCRYPTED/.test(bytes.toString("latin1"));
    throw new AppError(
      "invalid",
      encrypted
        ? "The private key is encrypted and its passphrase is missing or wrong."
        : `The private key cannot be read (${messageOf(error)}).`,
    );
  }
}

function readDerKey(bytes: Buffer): KeyObject {
  try {
    return createPrivateKey({ key: bytes, format: "der", type: "pkcs8" });
  } catch {
    return createPrivateKey({ key: bytes, format: "der", type: "pkcs1" });
  }
}

const notRsa = () => new AppError("invalid", "The private key is not RSA; Wallet's certificates are.");

function checkSubject(leaf: Certificate): Problem[] {
  const problems: Problem[] = [];
  const uid = attribute(leaf, OID_UID);
  const name = attribute(leaf, OID_CN) ?? "(no name)";
  if (!uid?.startsWith("pass.")) {
    problems.push({
      path: "certificate",
      message: `"${name}" is not a Pass Type ID certificate: its UID is ${uid ? `"${uid}"` : "missing"} and must be a pass type identifier such as pass.com.example.card. Make one in Apple's portal under Identifiers, Pass Type IDs.`,
    });
  }
  if (!/^[A-Z0-9]{10}$/.test(attribute(leaf, OID_OU) ?? "")) {
    problems.push({ path: "certificate", message: `"${name}" has no team identifier (OU, ten characters).` });
  }
  return problems;
}

function checkKey(leaf: Certificate, key: forge.pki.rsa.PrivateKey): Problem[] {
  const publicKey = leaf.publicKey as forge.pki.rsa.PublicKey;
  if (publicKey.n.equals(key.n)) return [];
  return [
    {
      path: "key",
      message:
        "does not belong to the certificate. Use the key that the certificate was requested with; from Keychain, export certificate and key together as .p12.",
    },
  ];
}

function checkDates(certificate: Certificate, now: number, path: string): Problem[] {
  const { notBefore, notAfter } = certificate.validity;
  if (now > notAfter.getTime()) {
    const renew = path === "intermediate" ? GET_WWDR : "make a new one in Apple's portal";
    return [{ path, message: `expired on ${day(notAfter)}; ${renew}.` }];
  }
  if (now < notBefore.getTime()) {
    return [{ path, message: `is valid only from ${day(notBefore)}; check this machine's clock.` }];
  }
  return [];
}

function missingIntermediate(leaf: Certificate, candidates: readonly Certificate[]): Problem[] {
  const issuer = `${nameOf(leaf.issuer)}${generation(leaf.issuer)}`;
  const found = candidates.map((one) => `"${nameOf(one.subject)}${generationOf(one)}"`).join(", ");
  const ofApple = found ? GET_OTHER_WWDR : `${GET_WWDR} (the G4 that is built in did not issue it)`;
  const advice = isApple(leaf) ? ofApple : "give the certificate that issued it as the intermediate, too";
  return [
    {
      path: "intermediate",
      message: `is ${found ? `${found}, but the certificate was issued by "${issuer}"` : `missing: the certificate was issued by "${issuer}"`}; ${advice}.`,
    },
  ];
}

const isApple = (certificate: Certificate): boolean => nameOf(certificate.issuer) === WWDR_NAME;

/** Same name, and the issuer's key verifies the signature: a certificate of the same name is not enough. */
function isIssuedBy(leaf: Certificate, issuer: Certificate): boolean {
  try {
    return leaf.isIssuer(issuer) && issuer.verify(leaf);
  } catch {
    return false;
  }
}

/** By OID from the parsed subject: printed subjects differ between programs. */
function attribute(certificate: Certificate, oid: string): string | undefined {
  return valueIn(certificate.subject, oid);
}

function valueIn(name: Certificate["subject"], oid: string): string | undefined {
  const value: unknown = name.attributes.find(({ type }) => type === oid)?.value;
  return typeof value === "string" ? value : undefined;
}

const nameOf = (name: Certificate["subject"]): string => valueIn(name, OID_CN) ?? "(no name)";

/** ` G4`: Apple writes the generation of its WWDR certificates into OU. */
function generation(name: Certificate["subject"]): string {
  const unit = valueIn(name, OID_OU);
  return unit && /^G\d+$/.test(unit) ? ` ${unit}` : "";
}

/** The same of a certificate that is there, which tells those apart that do not name it. */
function generationOf(certificate: Certificate): string {
  const wwdr = wwdrGeneration(forge.pki.certificateToPem(certificate));
  return wwdr ? ` ${wwdr}` : generation(certificate.subject);
}

const day = (date: Date): string => date.toISOString().slice(0, 10);
