import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { ROLES, type Role } from "../src/admins/role.ts";
import { type AdminBrowser, openBrowser, signedIn } from "./support/admin-browser.ts";
import { startTestApp, type TestApp } from "./support/app.ts";

/** Every address under `/admin`, and who may use it. One that is added must be added here. */
const PAGES: Readonly<Record<string, Role>> = {
  "/admin/:account": "viewer",
  "/admin/:account/passes": "viewer",
  "/admin/:account/passes/:serial": "viewer",
  "/admin/:account/templates": "viewer",
  "/admin/:account/templates/:template": "viewer",
  "/admin/:account/templates/new": "editor",
  "/admin/:account/templates/:template/design": "editor",
  "/admin/:account/templates/:template/test": "editor",
  "/admin/:account/templates/:template/versions/:version": "viewer",
  "/admin/:account/rejected": "viewer",
  "/admin/:account/rejected/:id": "viewer",
  "/admin/:account/outbox": "viewer",
  "/admin/:account/klaviyo": "viewer",
  "/admin/:account/klaviyo/connect": "owner",
  "/admin/:account/klaviyo/flow": "viewer",
  "/admin/:account/klaviyo/flow/:template/:does": "viewer",
  "/admin/:account/klaviyo/flow/:template/:does/live": "viewer",
  "/admin/:account/klaviyo/object": "viewer",
  "/admin/:account/klaviyo/object/live": "viewer",
  "/admin/:account/klaviyo/resync": "viewer",
  "/admin/:account/klaviyo/resync/live": "viewer",
  "/admin/:account/klaviyo/external-id": "viewer",
  "/admin/:account/klaviyo/sandbox": "viewer",
  "/admin/:account/certificates": "viewer",
  "/admin/:account/certificates/add": "owner",
  "/admin/:account/webhooks": "viewer",
  "/admin/:account/webhooks/:id": "viewer",
  "/admin/:account/files": "editor",
  "/admin/:account/files/:id": "editor",
  "/admin/:account/erasures": "owner",
  "/admin/:account/keys": "viewer",
  "/admin/:account/settings": "owner",
  "/admin/:account/admins": "owner",
  "/admin/:account/system": "viewer",
  "/admin/:account/profile": "viewer",
};
const FILES: Readonly<Record<string, Role>> = {
  "/admin/:account/templates/:template/images/:version/:file": "viewer",
  "/admin/:account/templates/:template/design/images/:edition/:file": "editor",
  "/admin/:account/templates/new/images/:edition/:name/:file": "editor",
};
const ACTIONS: Readonly<Record<string, Role>> = {
  "/admin/:account/passes/:serial/update": "editor",
  "/admin/:account/passes/:serial/void": "editor",
  "/admin/:account/passes/:serial/unvoid": "editor",
  "/admin/:account/passes/:serial/delete": "editor",
  "/admin/:account/passes/:serial/write-back": "editor",
  "/admin/:account/passes/:serial/push": "editor",
  "/admin/:account/templates/new/gallery": "editor",
  "/admin/:account/templates/new/scratch": "editor",
  "/admin/:account/templates/new/import": "editor",
  "/admin/:account/templates/new/copy": "editor",
  "/admin/:account/rejected/replay-all": "editor",
  "/admin/:account/templates/:template/delete": "editor",
  "/admin/:account/templates/:template/design/draft": "editor",
  "/admin/:account/templates/:template/design/save": "editor",
  "/admin/:account/templates/:template/design/overwrite": "editor",
  "/admin/:account/templates/:template/design/discard": "editor",
  "/admin/:account/templates/:template/test/issue": "editor",
  "/admin/:account/templates/:template/versions/:version/restore": "editor",
  "/admin/:account/rejected/:id/replay": "editor",
  "/admin/:account/outbox/retry": "editor",
  "/admin/:account/outbox/retry-all": "editor",
  "/admin/:account/klaviyo/check": "viewer",
  "/admin/:account/klaviyo/share": "owner",
  "/admin/:account/klaviyo/connect/connect": "owner",
  "/admin/:account/klaviyo/connect/disconnect": "owner",
  "/admin/:account/klaviyo/flow/:template/:does/key": "owner",
  "/admin/:account/klaviyo/object/run": "owner",
  "/admin/:account/klaviyo/resync/start": "editor",
  "/admin/:account/klaviyo/external-id/save": "owner",
  "/admin/:account/certificates/add/request": "owner",
  "/admin/:account/certificates/add/issued": "owner",
  "/admin/:account/certificates/add/p12": "owner",
  "/admin/:account/certificates/add/pair": "owner",
  "/admin/:account/webhooks/create": "owner",
  "/admin/:account/webhooks/:id/edit": "owner",
  "/admin/:account/webhooks/:id/pause": "owner",
  "/admin/:account/webhooks/:id/resume": "owner",
  "/admin/:account/webhooks/:id/delete": "owner",
  "/admin/:account/webhooks/:id/test": "owner",
  "/admin/:account/files/upload": "editor",
  "/admin/:account/files/:id/cancel": "editor",
  "/admin/:account/passes/:serial/erase": "owner",
  "/admin/:account/keys/create": "owner",
  "/admin/:account/keys/revoke": "owner",
  "/admin/:account/settings/account": "owner",
  "/admin/:account/admins/invite": "owner",
  "/admin/:account/admins/withdraw": "owner",
  "/admin/:account/admins/change": "owner",
  "/admin/:account/admins/disable": "owner",
  "/admin/:account/admins/enable": "owner",
  "/admin/:account/admins/reset": "owner",
  "/admin/:account/system/backup": "owner",
  "/admin/:account/profile/password": "viewer",
  "/admin/:account/profile/end-session": "viewer",
  "/admin/:account/profile/end-others": "viewer",
};
/** Files to be saved. */
const DOWNLOADS: Readonly<Record<string, Role>> = {
  "/admin/:account/certificates/add/file": "owner",
  "/admin/:account/files/:id/results": "editor",
  "/admin/:account/passes/export": "editor",
};
const FOR_ANYBODY = ["/admin/sign-in", "/admin/sign-out", "/admin/link/:token"];

let shop: TestApp;
let serial: string;
let template: string;
let webhookId: string;
let fileId: string;
const browsers = new Map<Role, AdminBrowser>();

beforeAll(async () => {
  shop = await startTestApp();
  template = await shop.pushGallery("points-card");
  serial = (await shop.issue({ passTemplate: template, pass: {} })).serialNumber;
  await shop.post({ passTemplate: "ptk_0x1", pass: {} });
  const receiver = { name: "Till", url: "https://till.example.com/", subscribedEvents: ["pn.pass.issued"] };
  webhookId = (await shop.app.webhooks.create(shop.accountId, { ...receiver, includeValues: false })).webhook.id;
  const lines = new Blob([`{"passTemplate":"ptk_0x1","pass":{}}`]).stream();
  const file = { accountId: shop.accountId, mode: "issue", format: "ndjson", bytes: lines } as const;
  fileId = (await shop.app.data.bulk.receive({ ...file, templateId: undefined, idempotencyKey: undefined })).id;
  for (const role of ROLES) browsers.set(role, await signedIn(shop, role));
});
afterAll(() => shop[Symbol.asyncDispose]());

const addressOf = (route: string): string =>
  route
    .replace(":account", shop.accountId)
    .replace(":serial", serial)
    .replace(":does", "issue")
    .replace("/files/:id", `/files/${fileId}`)
    .replace("/webhooks/:id", `/webhooks/${webhookId}`)
    .replace(":template", template)
    .replace(":version", "1")
    .replace(":edition", "1")
    .replace(":name", "points-card")
    .replace(":file", encodeURIComponent("icon@2x.png"))
    .replace(":id", "1")
    .replace(":token", "none");
const browserOf = (role: Role): AdminBrowser => browsers.get(role) ?? openBrowser(shop);

const routesOf = (method: string): string[] =>
  shop.app.http.routes
    .filter((route) => route.method === method && route.path.startsWith("/admin"))
    .map(({ path }) => path);

test("the lists here are the whole of it", () => {
  const listed = Object.keys(ACTIONS).concat(FOR_ANYBODY);
  expect(routesOf("POST").toSorted()).toEqual(listed.toSorted());
  const pages = [
    ...Object.keys(PAGES),
    ...Object.keys(FILES),
    ...Object.keys(ACTIONS),
    ...Object.keys(DOWNLOADS),
    "/admin",
    "/admin/*",
    "/admin/sign-in",
    "/admin/link/:token",
  ];
  expect(routesOf("GET").toSorted()).toEqual(pages.toSorted());
  expect(
    shop.app.http.routes.filter(({ path, method }) => path.startsWith("/admin") && !["GET", "POST"].includes(method)),
  ).toEqual([]);
});

describe("somebody who is not signed in", () => {
  test.each(Object.keys({ ...PAGES, ...FILES, ...DOWNLOADS }))(
    "GET %s leads to signing in, and back",
    async (route) => {
      const response = await openBrowser(shop).get(addressOf(route));
      expect(response.status).toBe(303);
      const next = encodeURIComponent(addressOf(route));
      expect(response.headers.get("location")).toBe(`/admin/sign-in?next=${next}`);
    },
  );

  test.each(Object.keys(ACTIONS))("POST %s does nothing", async (route) => {
    const response = await openBrowser(shop).submit(addressOf(route));
    expect(response.status).toBe(303);
    expect(response.headers.get("location")).toStartWith("/admin/sign-in?next=");
  });
});

describe.each([...ROLES])("a %s", (role) => {
  const rank = ROLES.indexOf(role);
  test.each(Object.entries({ ...PAGES, ...FILES }))(`GET %s takes a %s`, async (route, needed) => {
    const response = await browserOf(role).get(addressOf(route));
    expect(response.status).toBe(rank >= ROLES.indexOf(needed) ? 200 : 403);
  });

  test.each(Object.entries(DOWNLOADS).filter(([, needed]) => rank < ROLES.indexOf(needed)))(
    "GET %s is refused, which takes a %s",
    async (route) => {
      expect((await browserOf(role).get(addressOf(route))).status).toBe(403);
    },
  );

  test.each(Object.entries(ACTIONS).filter(([, needed]) => rank < ROLES.indexOf(needed)))(
    "POST %s is refused, which takes a %s",
    async (route) => {
      const response = await browserOf(role).submit(addressOf(route), { id: "x", email: "x@example.com", label: "x" });
      expect(response.status).toBe(403);
      expect(await response.text()).toContain("Ask an owner for it.");
    },
  );
});

describe("a form of another site", () => {
  const state = async () =>
    JSON.stringify([
      await shop.app.db.read.query.passes.findMany(),
      await shop.app.db.read.query.outbox.findMany(),
      await shop.app.db.read.query.templates.findMany(),
      await shop.app.db.read.query.templateDrafts.findMany(),
      await shop.app.db.read.query.apiKeys.findMany(),
      await shop.app.db.read.query.admins.findMany(),
      await shop.app.db.read.query.adminLinks.findMany(),
      (await shop.app.db.read.query.adminSessions.findMany()).length,
    ]);

  test.each([...Object.keys(ACTIONS), ...FOR_ANYBODY])("POST %s does nothing", async (route) => {
    const before = await state();
    const fields = { label: "evil", email: "evil@example.com", role: "owner", confirm: "delete", id: "1" };
    const from: Record<string, string | null>[] = [
      { "sec-fetch-site": "cross-site" },
      // Another host of the same domain is another site's too.
      { "sec-fetch-site": "same-site" },
      { "sec-fetch-site": "cross-site", origin: "http://localhost" },
      { "sec-fetch-site": null, origin: "https://evil.example" },
      { "sec-fetch-site": null, origin: "null" },
      { "sec-fetch-site": null },
    ];
    for (const headers of from) {
      const response = await browserOf("owner").submit(addressOf(route), fields, headers);
      expect(response.status).toBe(403);
      expect(response.headers.getSetCookie()).toEqual([]);
      expect(await response.text()).toContain("did not come from a page of this server");
    }
    expect(await state()).toBe(before);
  });

  test("but one of ours is taken where the browser says only its origin, as over plain http", async () => {
    const headers = { "sec-fetch-site": null, origin: "http://localhost" };
    const fields = { label: "ours" };
    const response = await browserOf("owner").submit(addressOf("/admin/:account/keys/create"), fields, headers);
    expect(response.status).toBe(303);
  });
});

describe("addresses", () => {
  test("without an account lead to the first account's page", async () => {
    for (const [asked, leads] of [
      ["/admin", ""],
      ["/admin/", "/"],
      ["/admin/passes?q=a", "/passes?q=a"],
      [`/admin/passes/${serial}`, `/passes/${serial}`],
    ] as const) {
      const response = await browserOf("viewer").get(asked);
      expect([response.status, response.headers.get("location")]).toEqual([303, `/admin/${shop.accountId}${leads}`]);
    }
  });

  test("that are none say so", async () => {
    for (const path of [
      `/admin/${shop.accountId}/nowhere`,
      "/admin/aid_0x1/passes",
      "/admin/aid_0x1",
      `/admin/${shop.accountId}/passes/none`,
      `/admin/${shop.accountId}/rejected/77`,
      `/admin/${shop.accountId}/rejected/x`,
    ]) {
      const response = await browserOf("viewer").get(path);
      expect([path, response.status]).toEqual([path, 404]);
      expect(await response.text()).toContain("This was not found");
    }
  });

  test("of actions, loaded again, show the page", async () => {
    const response = await browserOf("owner").get(addressOf("/admin/:account/keys/create"));
    expect([response.status, response.headers.get("location")]).toEqual([303, addressOf("/admin/:account/keys")]);
  });
});

test("nothing of one account is shown or changed under another", async () => {
  const other = await shop.app.accounts.create("Other");
  const owner = browserOf("owner");
  const under = (path: string) => `/admin/${other.id}${path}`;
  expect((await owner.get(under(`/passes/${serial}`))).status).toBe(404);
  for (const action of ["update", "void", "unvoid", "delete", "write-back", "push"]) {
    const response = await owner.submit(under(`/passes/${serial}/${action}`), { confirm: "delete" });
    expect([action, response.status]).toEqual([action, 404]);
  }
  expect(await owner.page(under("/passes"))).toContain("No pass yet");
  const { items } = await shop.app.accounts.listKeys(shop.accountId, { limit: 1 });
  const id = items[0]?.id ?? "";
  expect((await owner.submit(under("/keys/revoke"), { id })).status).toBe(404);
  const stillGood = await shop.post({ passTemplate: "ptk_0x1", pass: {} });
  expect(stillGood.status).toBe(404);
});

test("a form that is too large, or none, is refused", async () => {
  const owner = browserOf("owner");
  const path = addressOf("/admin/:account/keys/create");
  expect((await owner.submit(path, { label: "x".repeat(70_000) })).status).toBe(413);
  expect((await owner.submit(path, { label: "x" }, { "content-type": "application/json" })).status).toBe(400);
});

test("files of pages change their name with their content, and are kept for ever", async () => {
  const page = await browserOf("viewer").page(`/admin/${shop.accountId}`);
  const files = [...page.matchAll(/(?:href|src)="(\/assets\/[^"]+)"/g)].map(([, path]) => path ?? "");
  expect(files.map((path) => path.split("/").at(-1))).toEqual(["icon.svg", "admin.css", "admin.js"]);
  for (const file of files) {
    const response = await shop.request(file);
    expect([response.status, response.headers.get("cache-control")]).toEqual([
      200,
      "public, max-age=31536000, immutable",
    ]);
    expect((await shop.request(file.replace(/assets\/\w+/, "assets/000000000000"))).status).toBe(404);
  }
  // What a module names, it gets.
  const script = await (await shop.request(files[2] ?? "")).text();
  for (const [, name] of script.matchAll(/import "\.\/([^"]+)"/g)) {
    const module = await shop.request(`${files[2]?.replace("admin.js", "")}${name}`);
    expect(module.headers.get("content-type")).toBe("text/javascript; charset=utf-8");
  }
  expect(page).not.toMatch(/<style|style="|<script(?![^>]*src=)|\son\w+="/);
});
