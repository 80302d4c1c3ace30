/**
 * Who a request comes from, for rate limits only. Behind a reverse proxy on the same machine that is the last address
 * of X-Forwarded-For, which that proxy wrote; from elsewhere the header is anybody's claim and is not believed.
 */
export function clientAddress(request: Request, peer: string | undefined): string {
  if (peer && !/^(127\.|::1$|::ffff:127\.)/.test(peer)) return peer;
  const forwarded = request.headers.get("x-forwarded-for")?.split(",").at(-1)?.trim();
  return forwarded || peer || "unknown";
}
