import { createHash, randomBytes } from "node:crypto";

/** 256 random bits for a cookie or a link. Only the hash is stored. */
export function newToken(): { readonly token: string; readonly tokenHash: string } {
  const token = randomBytes(32).toString("base64url");
  return { token, tokenHash: hashToken(token) };
}

/** What a token is looked up by: how long a comparison of hashes takes tells nothing about the token. */
export const hashToken = (token: string): string => createHash("sha256").update(token).digest("hex");
