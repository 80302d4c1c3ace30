/**
 * Address of a request, of which path and query alone are what was sent. A request of HTTP/1.0, as some load balancers
 * send it, names no host (RFC 9112, section 3.2), and one that somebody made up may name a host that is none.
 */
export function urlOf({ url }: Request): URL {
  const target = url.replace(/^[a-z]+:\/\/[^/?#]*/i, "");
  return new URL(`http://localhost${target.startsWith("/") ? "" : "/"}${target}`);
}
