import type { Role } from "../../src/admins/role.ts";
import type { TestApp } from "./app.ts";

/** A browser with its cookies, on a test app. It says where its requests come from, as browsers do. */
export interface AdminBrowser {
  /** Follows no redirect. */
  get(path: string): Promise<Response>;
  /** Sends a form of this server's own pages; a header that is null is left out. */
  submit(
    path: string,
    fields?: Readonly<Record<string, string>>,
    headers?: Readonly<Record<string, string | null>>,
  ): Promise<Response>;
  /** Sends a form that takes files. */
  upload(path: string, fields: Readonly<Record<string, string | File>>): Promise<Response>;
  /** The page at the path, which must be there; follows redirects. */
  page(path: string): Promise<string>;
  /** What a form leads to: the page after the redirect, or the form again. */
  do(path: string, fields?: Readonly<Record<string, string>>): Promise<string>;
  signIn(email: string, password?: string): Promise<Response>;
  readonly cookies: Map<string, string>;
}

export const PASSWORD = "correct horse battery";
export const SESSION_COOKIE = "__Host-passhook";

export function openBrowser(shop: TestApp, address = "203.0.113.7"): AdminBrowser {
  const cookies = new Map<string, string>();

  async function request(path: string, init: RequestInit & { headers?: Record<string, string> } = {}) {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join("; ");
    const response = await shop.request(path, {
      ...init,
      headers: { "user-agent": "Test Firefox/1", "x-forwarded-for": address, cookie, ...init.headers },
    });
    for (const set of response.headers.getSetCookie()) {
      const [, name = "", value = ""] = /^([^=]+)=([^;]*)/.exec(set) ?? [];
      if (/Max-Age=0\b/.test(set)) cookies.delete(name);
      else cookies.set(name, value);
    }
    return response;
  }

  async function followed(response: Response): Promise<Response> {
    const location = response.headers.get("location");
    return location === null ? response : followed(await request(location.replace(/#.*$/, "")));
  }

  const browser: AdminBrowser = {
    cookies,
    get: (path) => request(path),
    submit(path, fields = {}, headers = {}) {
      const all: Readonly<Record<string, string | null>> = {
        "content-type": "application/x-www-form-urlencoded",
        "sec-fetch-site": "same-origin",
        ...headers,
      };
      const sent = Object.entries(all).flatMap(([name, value]) => (value === null ? [] : [[name, value]]));
      const body = new URLSearchParams(fields).toString();
      return request(path, { method: "POST", headers: Object.fromEntries(sent), body });
    },
    upload(path, fields) {
      const body = new FormData();
      for (const [name, value] of Object.entries(fields)) body.set(name, value);
      return request(path, { method: "POST", headers: { "sec-fetch-site": "same-origin" }, body });
    },
    async page(path) {
      const response = await followed(await request(path));
      const text = await response.text();
      if (response.status !== 200) throw new Error(`${path}: ${response.status} ${text}`);
      return text;
    },
    do: async (path, fields) => (await followed(await browser.submit(path, fields))).text(),
    signIn: (email, password = PASSWORD) => browser.submit("/admin/sign-in", { email, password }),
  };
  return browser;
}

/** A browser in which a new admin of that role is signed in. */
export async function signedIn(shop: TestApp, role: Role, email = `${role}@example.com`): Promise<AdminBrowser> {
  await shop.app.access.admins.create({ email, password: PASSWORD, role });
  const browser = openBrowser(shop);
  const response = await browser.signIn(email);
  if (response.status !== 303) throw new Error(`${email} cannot sign in: ${response.status}`);
  return browser;
}

/** What somebody reads: without tags, white space as one space. */
export const textOf = (html: string): string =>
  html
    .replace(/<(script|style)[\s\S]*?<\/\1>/g, "")
    .replace(/<[^>]+>/g, " ")
    .replaceAll("&quot;", '"')
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&amp;", "&")
    .replace(/\s+/g, " ");
