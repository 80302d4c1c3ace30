import type { PassPackage } from "../apple/pass-packages.ts";
import type { Pass } from "./pass.ts";

/** The link is a secret that somebody holds: nobody may keep, index or pass on what it leads to. */
export const PRIVATE = {
  "cache-control": "private, no-store",
  "x-robots-tag": "noindex",
  "referrer-policy": "no-referrer",
  vary: "Accept, Accept-Language, User-Agent",
};
const PKPASS = "application/vnd.apple.pkpass";

/** A pass as an answer: `304` where the asker has it already, without building anything. */
export async function packageResponse(
  request: Request,
  pass: Pass,
  { etag, lastModified, bytes }: PassPackage,
): Promise<Response> {
  const headers = { ...PRIVATE, etag, "last-modified": new Date(lastModified * 1000).toUTCString() };
  if (isUnchanged(request.headers, etag, lastModified)) return new Response(null, { status: 304, headers });
  const content = await bytes();
  return new Response(request.method === "HEAD" ? null : content, {
    headers: {
      ...headers,
      "content-type": PKPASS,
      "content-length": String(content.length),
      // Begins with the serial number's first characters only: file names travel further than links should.
      "content-disposition": `attachment; filename="pass-${pass.serial.slice(0, 6)}.pkpass"`,
    },
  });
}

/** Several passes as one answer. */
export const bundleResponse = (request: Request, content: Buffer): Response =>
  new Response(request.method === "HEAD" ? null : new Uint8Array(content), {
    headers: {
      ...PRIVATE,
      "content-type": "application/vnd.apple.pkpasses",
      "content-length": String(content.length),
      "content-disposition": 'attachment; filename="passes.pkpasses"',
    },
  });

/** An image of a pass, for the pages that show it: it never changes under its address. */
export const imageResponse = (content: Buffer): Response =>
  new Response(new Uint8Array(content), {
    headers: {
      "cache-control": "private, max-age=31536000, immutable",
      "x-robots-tag": "noindex",
      "content-type": "image/png",
    },
  });

/** `If-None-Match` decides where both are given (RFC 9110, section 13.2.2). */
function isUnchanged(headers: Headers, etag: string, lastModified: number): boolean {
  const tags = headers.get("if-none-match");
  if (tags !== null) return tags === "*" || tags.split(",").some((tag) => tag.trim().replace(/^W\//, "") === etag);
  const since = Date.parse(headers.get("if-modified-since") ?? "");
  return !Number.isNaN(since) && lastModified * 1000 <= since;
}
