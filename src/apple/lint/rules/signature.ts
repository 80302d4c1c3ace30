import { type CertificateInfo, fingerprintOf, keyTypeOf } from "../certificate-info.ts";
import type { Problem } from "../finding.ts";
import type { PackageInput } from "../package-input.ts";
import { packageRule, passRule } from "../rule.ts";
import { show } from "../words.ts";

const PATH = "signature";
const NO_TRUST =
  "The passTypeIdentifier or teamIdentifier provided may not match your certificate, or the certificate trust chain could not be verified.";
const DAY_MS = 24 * 3600 * 1000;
const WARN_DAYS = 60;
const WWDR_NAME = /^Apple Worldwide Developer Relations/;
const GET_G4 = "put Apple's Worldwide Developer Relations G4 certificate into it";

/** SHA-256 of the intermediates that Apple publishes (https://www.apple.com/certificateauthority/), and their names. */
const GENERATIONS: Readonly<Record<string, string>> = {
  ce057691d730f89ca25e916f7335f4c8a15713dcd273a658c024023f8eb809c2: "G1",
  "9ed4b3b88c6a339cf1387895bda9ca6ea31a6b5ce9edf7511845923b0c8ac94c": "G2",
  dcf21878c77f4198e4b4614f03d696d89c66c66008d4244e1b99161aac91601f: "G3",
  ea4757885538dd8cb59ff4556f676087d83c85e70902c122e42c0808b5bce14c: "G4",
  "53fd008278e5a595fe1e908ae9c5e5675f26243264a5a6438c023e3ce2870760": "G5",
  bdd4ed6e74691f0c2bfd01be0296197af1379e0418e2d300efa9c3bef642ca30: "G6",
};
/** G1 is for leaves from before 2022; it has expired, which is another rule's. */
const PASS_GENERATIONS = ["G1", "G4"];

const partsOf = ({ signature }: PackageInput) => (signature.kind === "read" ? signature : undefined);

/** Nobody vouches for an unsigned manifest. */
export const signaturePresent = packageRule({
  id: "APL003",
  severity: "error",
  summary: "signature is missing or empty",
  effect: "pass refused",
  deviceMessage: "Signature is missing",
  mark: "observed",
  *check({ signature, names }) {
    if (signature.kind === "absent" && names.size > 0)
      yield { path: PATH, message: "is missing or empty; the pass was not signed" };
  },
});

/** The signature is over the bytes of manifest.json as they are stored. */
export const signatureVerifies = packageRule({
  id: "APL004",
  severity: "error",
  summary: "the signature does not verify over manifest.json, or its key is not the certificate's",
  effect: "pass refused",
  deviceMessage: "Data signature did not verify successfully",
  mark: "community",
  *check({ signature }) {
    if (signature.kind === "unreadable")
      yield {
        path: PATH,
        message: `cannot be read: ${signature.reason}; sign manifest.json again (CMS, detached, DER)`,
      };
    if (signature.kind !== "read") return;
    for (const fault of signature.faults)
      yield { path: PATH, message: `does not verify: ${fault}; sign manifest.json again` };
    if (signature.attached) {
      yield {
        path: PATH,
        message: "holds a copy of what it signs; Apple's signatures are detached",
        severity: "warning",
      };
    }
  },
});

/** Other programs verify without it, an iPhone does not. */
export const signingTimePresent = packageRule({
  id: "APL005",
  severity: "error",
  summary: "the signature has no signing time",
  effect: "pass refused",
  deviceMessage: "Signature must contain a signing date",
  mark: "observed",
  *check(input) {
    if (partsOf(input)?.hasSigningTime === false) {
      yield { path: PATH, message: "has no signing time; sign with attributes (not openssl smime -noattr)" };
    }
  },
});

/** A phone has Apple's root and needs what lies between. */
export const chainOfTrust = packageRule({
  id: "APL006",
  severity: "error",
  summary: "Apple's WWDR certificate is not inside, is of the wrong generation, or did not issue the leaf",
  effect: "pass refused",
  deviceMessage: NO_TRUST,
  mark: "observed",
  *check(input) {
    const signature = partsOf(input);
    if (!signature?.leaf) return;
    const { leaf, intermediate, others } = signature;
    if (!intermediate) yield missingIntermediate(leaf, others);
    else yield* judgeIntermediate(intermediate);
  },
});

function missingIntermediate(leaf: CertificateInfo, others: readonly CertificateInfo[]): Problem {
  const issuer = `"${named(leaf.issuerName, leaf.issuerUnit)}"`;
  const found = others.map(({ name, unit }) => `"${named(name, unit)}"`).join(", ");
  const advice = WWDR_NAME.test(leaf.issuerName) ? GET_G4 : "put that certificate into it";
  return {
    path: PATH,
    message: `${found ? `has ${found} inside, but the pass certificate was issued by ${issuer}` : `lacks ${issuer}, which issued the pass certificate`}; ${advice}`,
  };
}

function* judgeIntermediate(intermediate: CertificateInfo): Iterable<Problem> {
  const generation = GENERATIONS[fingerprintOf(intermediate)];
  if (generation && PASS_GENERATIONS.includes(generation)) return;
  if (generation) {
    yield {
      path: PATH,
      message: `is by Apple's intermediate ${generation}, which is not for passes; make a Pass Type ID certificate (issued by G4)`,
    };
    return;
  }
  // The chain holds, so the pass is right for whoever trusts its root; a phone trusts only Apple's.
  const name = named(intermediate.name, intermediate.unit);
  yield {
    path: PATH,
    severity: "warning",
    message: WWDR_NAME.test(intermediate.name)
      ? `is by "${name}", which has Apple's name but is none of the certificates that Apple has published`
      : `was not issued by Apple but by "${name}": good for trying things out, refused by every iPhone; sign with a Pass Type ID certificate from Apple`,
  };
}

const named = (name: string, unit: string | undefined): string =>
  unit && /^G\d+$/.test(unit) ? `${name} ${unit}` : name;

/** A certificate is for one pass type of one team. */
export const certificateFits = passRule({
  id: "APL007",
  severity: "error",
  summary: "passTypeIdentifier or teamIdentifier is not the one of the certificate",
  effect: "pass refused",
  deviceMessage: NO_TRUST,
  mark: "observed",
  *check({ pass, context: { certificate } }) {
    if (!certificate) return;
    for (const key of ["passTypeIdentifier", "teamIdentifier"] as const) {
      if (pass[key] !== undefined && pass[key] !== certificate[key]) {
        yield {
          path: `pass.${key}`,
          message: `is ${show(pass[key])}, the certificate is for ${show(certificate[key] ?? "none")}; use the certificate that belongs to it`,
        };
      }
    }
  },
});

/** Phones look at the dates when a pass is added, and Apple when it is pushed. */
export const certificateDates = packageRule({
  id: "APL008",
  severity: "error",
  summary: "the certificate or its intermediate has expired, or is not valid yet",
  effect: "pass refused; pushes fail too",
  deviceMessage: NO_TRUST,
  mark: "observed",
  *check(input) {
    const signature = partsOf(input);
    for (const certificate of [signature?.leaf, signature?.intermediate]) {
      if (!certificate) continue;
      const { name, notBefore, notAfter } = certificate;
      if (input.now > notAfter)
        yield {
          path: PATH,
          message: `is by "${name}", which expired on ${day(notAfter)}; sign with a new certificate`,
        };
      if (input.now < notBefore)
        yield { path: PATH, message: `is by "${name}", which is valid only from ${day(notBefore)}` };
    }
  },
});

/** Apple gives the entitlement on request. */
export const nfcEntitlement = passRule({
  id: "APL009",
  severity: "error",
  summary: "nfc or personalization.json with a certificate without Apple's NFC entitlement",
  effect: "pass refused",
  deviceMessage:
    "Passes with an NFC dictionary or a Personalization JSON file must be signed with an enhanced Passbook certificate.",
  mark: "observed",
  *check({ pass, context: { certificate, personalization } }) {
    if (!certificate || certificate.nfc) return;
    const message =
      "needs a certificate with Apple's NFC entitlement, which this one lacks; ask Apple for it or leave it out";
    if (pass["nfc"] !== undefined) yield { path: "pass.nfc", message };
    if (personalization !== undefined) yield { path: "personalization.json", message };
  },
});

/** A year is soon over. */
export const certificateExpiresSoon = packageRule({
  id: "APL010",
  severity: "warning",
  summary: "the certificate expires within 60 days",
  effect: "coming outage",
  mark: "community",
  *check(input) {
    const leaf = partsOf(input)?.leaf;
    if (!leaf || leaf.notAfter < input.now) return;
    const days = Math.floor((leaf.notAfter - input.now) / DAY_MS);
    if (days <= WARN_DAYS)
      yield {
        path: PATH,
        message: `is by a certificate that expires in ${days} days, on ${day(leaf.notAfter)}; make a new one in Apple's portal`,
      };
  },
});

/** Apple's own tools can sign with one; what a phone says is not known. */
export const rsaCertificate = packageRule({
  id: "APL011",
  severity: "error",
  summary: "the certificate has an EC key and that was not allowed expressly",
  effect: "acceptance by iOS unproven",
  mark: "inferred",
  *check(input) {
    const leaf = partsOf(input)?.leaf;
    if (!leaf || input.allowEc) return;
    const type = keyTypeOf(leaf);
    if (type !== "rsa")
      yield {
        path: PATH,
        message: `is by a certificate with ${type ? `a key of the kind ${type}` : "a key that cannot be read"}; phones are known to take RSA only`,
      };
  },
});

const day = (ms: number): string => new Date(ms).toISOString().slice(0, 10);
