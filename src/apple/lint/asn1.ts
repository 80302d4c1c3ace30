import forge from "node-forge";

type Asn1 = forge.asn1.Asn1;

export type { Asn1 };

/** node-forge's type declaration knows the older form of the options only. */
const STRICT = { strict: true, parseAllBytes: true, decodeBitStrings: false } as unknown as boolean;

/** Reads DER, bit strings left as they are so that the same bytes can be written again. Throws for anything else. */
export const readDer = (bytes: Uint8Array): Asn1 =>
  forge.asn1.fromDer(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("latin1"), STRICT);

export const writeDer = (node: Asn1): Buffer => Buffer.from(forge.asn1.toDer(node).getBytes(), "latin1");

/** The parts of a constructed value; nothing for a primitive one. */
export const partsOf = (node: Asn1 | undefined): readonly Asn1[] =>
  node && Array.isArray(node.value) ? node.value : [];

export const bytesOf = (node: Asn1 | undefined): Buffer =>
  node && typeof node.value === "string" ? Buffer.from(node.value, "latin1") : Buffer.alloc(0);

/** Dotted decimal; empty when it is no object identifier. */
export function oidOf(node: Asn1 | undefined): string {
  if (node?.type !== forge.asn1.Type.OID || typeof node.value !== "string" || node.value === "") return "";
  return forge.asn1.derToOid(node.value);
}

/** Whether it is the part with context tag `[number]`. */
export const isTagged = (node: Asn1 | undefined, number: number): boolean =>
  node !== undefined && node.tagClass === forge.asn1.Class.CONTEXT_SPECIFIC && Number(node.type) === number;

/** Milliseconds of UTCTime or GeneralizedTime; nothing when it is neither. */
export function timeOf(node: Asn1 | undefined): number | undefined {
  if (!node || typeof node.value !== "string") return undefined;
  const { UTCTIME, GENERALIZEDTIME } = forge.asn1.Type;
  if (node.type !== UTCTIME && node.type !== GENERALIZEDTIME) return undefined;
  const date =
    node.type === UTCTIME ? forge.asn1.utcTimeToDate(node.value) : forge.asn1.generalizedTimeToDate(node.value);
  return Number.isNaN(date.getTime()) ? undefined : date.getTime();
}
