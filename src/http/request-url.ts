/** Address of a request; one of HTTP/1.0, as some load balancers send, may name no host (RFC 9112, section 3.2). */
export const urlOf = (request: Request): URL => new URL(request.url, "http://localhost");
