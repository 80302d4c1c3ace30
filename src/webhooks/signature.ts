import { createHmac, randomBytes } from "node:crypto";
import { toSeconds } from "../clock.ts";

const SECRET_PREFIX = "whsec_";
/** Standard Webhooks asks for 24 to 64. */
const SECRET_BYTES = 32;

export const newSigningSecret = (): string => SECRET_PREFIX + randomBytes(SECRET_BYTES).toString("base64");

/** The plain proof that a delivery is ours, sent as `Authorization: Bearer …`. */
export const newBearerToken = (): string => `whb_${randomBytes(32).toString("base64url")}`;

/**
 * The three headers of Standard Webhooks (standardwebhooks.com, specification 1.0, "Signature scheme"): HMAC-SHA256 over
 * `id.timestamp.body` with the bytes behind `whsec_`.
 */
export function signatureHeaders(
  secret: string,
  id: string,
  sentAt: number,
  body: string,
): Readonly<Record<string, string>> {
  const timestamp = String(toSeconds(sentAt));
  const key = Buffer.from(secret.slice(SECRET_PREFIX.length), "base64");
  const signature = createHmac("sha256", key).update(`${id}.${timestamp}.${body}`).digest("base64");
  return { "webhook-id": id, "webhook-timestamp": timestamp, "webhook-signature": `v1,${signature}` };
}
