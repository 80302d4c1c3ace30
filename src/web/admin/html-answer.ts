import { pagePolicy } from "../../http/security-headers.ts";
import { textStream } from "../../http/text-stream.ts";
import type { SavedFile } from "./admin-page.ts";

/**
 * What every answer under `/admin` has: nobody keeps or indexes it. The referrer stays within the server; without any,
 * browsers would not say in `Origin` where a form comes from (Fetch, "append a request Origin header").
 */
const PRIVATE = {
  "cache-control": "private, no-store",
  "x-robots-tag": "noindex",
  "referrer-policy": "same-origin",
};

/** `ownStyle` is what stands in the page's own style element. */
export function htmlAnswer(html: string, status = 200, cookies: readonly string[] = [], ownStyle?: string): Response {
  const headers = {
    ...PRIVATE,
    "content-type": "text/html; charset=utf-8",
    "content-security-policy": pagePolicy(ownStyle),
  };
  return withCookies(new Response(html, { status, headers }), cookies);
}

/** Server-sent events. Proxies are asked to hand each on at once. */
export const eventStream = (body: ReadableStream<Uint8Array>): Response =>
  new Response(body, { headers: { ...PRIVATE, "content-type": "text/event-stream", "x-accel-buffering": "no" } });

/** A file to be saved, not shown. Its name is ours: letters, digits, dots and dashes. */
export function downloadAnswer({ name, type, content }: SavedFile): Response {
  const headers = { ...PRIVATE, "content-type": type, "content-disposition": `attachment; filename="${name}"` };
  return new Response(typeof content === "string" ? content : textStream(content), { headers });
}

/** A file that never changes under its address; it is as private as the pages that show it. */
export function fileAnswer({
  bytes,
  type,
}: {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly type: string;
}): Response {
  const headers = { ...PRIVATE, "cache-control": "private, max-age=31536000, immutable", "content-type": type };
  return new Response(bytes, { headers });
}

/** Goes to a page of ours by GET, whatever the method was. */
export function redirect(location: string, cookies: readonly string[] = []): Response {
  return withCookies(new Response(null, { status: 303, headers: { ...PRIVATE, location } }), cookies);
}

function withCookies(response: Response, cookies: readonly string[]): Response {
  for (const cookie of cookies) response.headers.append("set-cookie", cookie);
  return response;
}
