/**
 * Where somebody wanted to go before they signed in, if that is a page of ours; else the first page. What leads to another
 * host (`//evil.example`, `/\evil.example`, `https:evil`) comes out as such once it is resolved as a browser does.
 */
export function ownPath(next: string | null): string {
  const home = "/admin";
  if (!next?.startsWith("/")) return home;
  const here = "https://here.invalid";
  if (!URL.canParse(next, here)) return home;
  const { origin, pathname, search } = new URL(next, here);
  return origin === here && (pathname === home || pathname.startsWith(`${home}/`)) ? pathname + search : home;
}
