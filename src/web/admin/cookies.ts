/** The cookies of the admin site. `secure` where the public address is https. */
export function createCookies(secure: boolean) {
  // `__Host-`: browsers take it only with Secure, for this host alone and for every path (RFC 6265bis, section 4.1.3), so
  // no other host of the domain can plant one. Over plain http, as in a demo, there is no such name.
  const prefix = secure ? "__Host-" : "";
  const attributes = `; Path=/; HttpOnly; SameSite=Lax${secure ? "; Secure" : ""}`;
  const session = `${prefix}passhook`;
  const flash = `${prefix}passhook-flash`;

  const set = (name: string, value: string, maxAgeSeconds: number): string =>
    `${name}=${value}; Max-Age=${maxAgeSeconds}${attributes}`;

  return {
    read(request: Request): { session: string | undefined; flash: string | undefined } {
      const given = parseCookies(request.headers.get("cookie") ?? "");
      return { session: given.get(session), flash: given.get(flash) };
    },
    setSession: (token: string, livesMs: number): string => set(session, token, Math.floor(livesMs / 1000)),
    clearSession: (): string => set(session, "", 0),
    /** For the next page, which comes at once. */
    setFlash: (sealed: string): string => set(flash, sealed, 60),
    clearFlash: (): string => set(flash, "", 0),
  };
}

export type Cookies = ReturnType<typeof createCookies>;

function parseCookies(header: string): Map<string, string> {
  const cookies = new Map<string, string>();
  for (const pair of header.split(";")) {
    const at = pair.indexOf("=");
    if (at > 0) cookies.set(pair.slice(0, at).trim(), pair.slice(at + 1).trim());
  }
  return cookies;
}
