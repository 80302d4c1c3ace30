import { X509Certificate } from "node:crypto";
import g4 from "./wwdr/g4.pem" with { type: "text" };

/**
 * Apple's intermediate that issues Pass Type ID certificates since January 2022, valid until 2030-12-10
 * (https://www.apple.com/certificateauthority/AppleWWDRCAG4.cer).
 */
export const WWDR_G4: string = g4;

/** The common name of the intermediates, which all generations but G2 share. */
export const WWDR_NAME = "Apple Worldwide Developer Relations Certification Authority";

/** What a person does who needs an intermediate. */
export const GET_WWDR =
  'download "Worldwide Developer Relations - G4" from https://www.apple.com/certificateauthority/ and give it as the intermediate certificate';

/** What a person does who gave the wrong one. */
export const GET_OTHER_WWDR = `${GET_WWDR}, or give none: G4 is built in`;

/** G1 and G2 do not name their generation; the others do, in OU. Serial numbers without leading zeros. */
const GENERATION_BY_SERIAL: Readonly<Record<string, string>> = {
  "1DEBCC4396DA010": "G1",
  "6FEFD8F5E9A3A7EE": "G2",
  "7CAF690A25B739FE7B9B447AC178C5EE": "G3",
  "13DC77955271E53DC632E8CCFFE521F3CCC5CED2": "G4",
  "3B7E800AEED302A1E6ECDB97D9CAAC289CF16994": "G5",
  "22C1A1470A747369EF538612C9C69F3D38F36CD7": "G6",
};

/** Which of Apple's WWDR intermediates a certificate (PEM or DER) is: `G4`; nothing when it is none of them. */
export function wwdrGeneration(pemOrDer: string | Buffer): string | undefined {
  const certificate = parse(pemOrDer);
  if (!certificate?.subject.includes("Apple Worldwide Developer Relations")) return undefined;
  const serial = certificate.serialNumber.toUpperCase().replace(/^0+/, "");
  return GENERATION_BY_SERIAL[serial] ?? /^OU=(G\d+)$/m.exec(certificate.subject)?.[1];
}

function parse(pemOrDer: string | Buffer): X509Certificate | undefined {
  try {
    return new X509Certificate(pemOrDer);
  } catch {
    return undefined;
  }
}
