import { afterEach, describe, expect, test } from "bun:test";
import { eq } from "drizzle-orm";
import { klaviyoConnections, sandboxRequests } from "../src/db/schema.ts";
import { type AdminBrowser, signedIn, textOf } from "./support/admin-browser.ts";
import { startTestApp, type TestApp } from "./support/app.ts";
import { type ConnectedShop, startConnectedShop } from "./support/connected-shop.ts";
import { type FakeKlaviyo, startFakeKlaviyo } from "./support/klaviyo/fake-klaviyo.ts";
import { renderFlowTemplate } from "./support/klaviyo/flow-template.ts";

/** The Klaviyo section of the admin site. */

const opened: AsyncDisposable[] = [];
afterEach(async () => {
  for (const one of opened.splice(0).reverse()) await one[Symbol.asyncDispose]();
});
function kept<T extends AsyncDisposable>(one: T): T {
  opened.push(one);
  return one;
}

interface Visited {
  readonly shop: TestApp;
  readonly owner: AdminBrowser;
  /** The address of a page of the section. */
  at(path: string): string;
  read(path: string): Promise<string>;
}

async function visit(shop: TestApp): Promise<Visited> {
  const owner = await signedIn(shop, "owner");
  const at = (path: string) => `/admin/${shop.accountId}/klaviyo${path}`;
  return { shop, owner, at, read: async (path) => textOf(await owner.page(at(path))) };
}

async function connected(): Promise<Visited & Pick<ConnectedShop, "klaviyo" | "issue" | "template" | "advance">> {
  const { shop, klaviyo, issue, template, advance } = kept(await startConnectedShop());
  return { ...(await visit(shop)), klaviyo, issue, template, advance };
}

/** A sandbox beside a Klaviyo that it is not connected to. */
async function sandboxed(): Promise<Visited & { readonly klaviyo: FakeKlaviyo }> {
  const klaviyo = kept(await startFakeKlaviyo());
  const shop = kept(await startTestApp({ klaviyo, isConnected: true }));
  return { ...(await visit(shop)), klaviyo };
}

const MIA = { email: "mia@shop.example.org" };

describe("the overview says", () => {
  test("that a sandbox sends nothing, and leads to connecting", async () => {
    const { owner, at, read } = await sandboxed();
    expect(await read("")).toContain("Sandbox: nothing is sent to Klaviyo");
    expect(await owner.page(at(""))).toContain(`href="${at("/connect")}"`);
  });

  test("that all is well, with whose key it is and what was sent lately", async () => {
    const { issue, read } = await connected();
    await issue(MIA);
    const page = await read("");
    expect(page).toContain("Connected to Example Org The key is good, and Klaviyo knows everything.");
    expect(page).toContain("Klaviyo account AbCd12");
    expect(page).toContain("Profiles, one by one 1 of 525 in the last minute");
    expect(page).not.toContain("Missing");
  });

  test("that the key is refused, and what waits", async () => {
    const { klaviyo, issue, read, owner, shop } = await connected();
    klaviyo.revokeKey();
    await issue(MIA);
    const page = await read("");
    expect(page).toContain("Klaviyo refuses the key");
    expect(page).toContain("nothing is lost meanwhile. 2 messages wait.");
    expect(page).toContain("Profiles 1 never Stopped tried again in 15 minutes Klaviyo answered 401");
    expect(page).toContain("Make a new key in Klaviyo and connect it here.");
    // Nobody is sent to a terminal, here or in the outbox.
    expect(page).not.toContain("passhook klaviyo");
    const waiting = textOf(await owner.page(`/admin/${shop.accountId}/outbox`));
    expect(waiting).toContain("Make a new key in Klaviyo and connect it here.");
    expect(waiting).not.toContain("passhook klaviyo");
  });

  test("which scopes are missing, and what each is for", async () => {
    const { klaviyo, issue, read } = await connected();
    klaviyo.withholdScope("events:write");
    klaviyo.withholdScope("lists:write");
    await issue(MIA);
    const page = await read("");
    expect(page).toContain("The key lacks events:write");
    expect(page).toContain("events:write Missing, required For events such as Pass Installed, which start flows.");
    expect(page).toContain("lists:write Missing For sending many profiles in one request");
    expect(page).toContain("profiles:write Required");
  });

  test("that a scope is missing which is not needed, without alarm", async () => {
    const { klaviyo, read } = await connected();
    klaviyo.withholdScope("data-privacy:write");
    expect(await read("")).toContain("Connected to Example Org, with a key that lacks 1 scope");
  });

  test("that Klaviyo asked to wait, and until when", async () => {
    const { klaviyo, issue, read } = await connected();
    klaviyo.respondAlways({ status: 429, retryAfterSeconds: 120 }, { path: "/api/profile-import" });
    await issue(MIA);
    expect(await read("")).toContain("Profiles 1 never Pauses goes on in 2 minutes");
  });

  test("what was given up, with its reason and the way to try again", async () => {
    const { klaviyo, issue, owner, at, read, shop } = await connected();
    klaviyo.failNext({ status: 400 }, { path: "/api/events" });
    const { serialNumber } = await issue(MIA);
    const page = await read("");
    expect(page).toContain("Connected to Example Org, but something was given up");
    expect(page).toContain(`Events of ${serialNumber.slice(0, 8)}… Klaviyo answered 400: The payload provided`);
    expect(await owner.page(at(""))).toContain(`href="/admin/${shop.accountId}/outbox?state=dead"`);
  });

  test("that it is disconnected, and what waits", async () => {
    const { shop, issue, read } = await connected();
    await shop.app.connections.disconnect(shop.accountId);
    await issue(MIA);
    expect(await read("")).toContain("Disconnected: Klaviyo is told nothing");
    expect(await read("")).toContain("Waits for a key");
  });

  test("how Klaviyo is after a trouble of its own", async () => {
    const { klaviyo, read } = await connected();
    klaviyo.respondAlways({ status: 503 });
    const page = await read("");
    expect(page).toContain("Klaviyo could not be asked whether the key is good");
    expect(page).toContain("tried again by itself");
  });
});

describe("Klaviyo is asked about the key", () => {
  const asked = (klaviyo: FakeKlaviyo) => klaviyo.requests.filter(({ path }) => path === "/api/accounts").length;

  test("once a minute at most, however often the page is opened", async () => {
    const { klaviyo, read, owner, at, shop } = await connected();
    const before = asked(klaviyo);
    for (let i = 0; i < 3; i++) await read("");
    expect(asked(klaviyo) - before).toBe(1);
    // By hand sooner, but not at every click.
    for (let i = 0; i < 3; i++) await owner.do(at("/check"));
    expect(asked(klaviyo) - before).toBe(1);
    shop.clock.advance(10_000);
    for (let i = 0; i < 3; i++) await owner.do(at("/check"));
    expect(asked(klaviyo) - before).toBe(2);
    shop.clock.advance(60_000);
    await read("");
    expect(asked(klaviyo) - before).toBe(3);
  });

  test("and about another key anew", async () => {
    const { klaviyo, read, owner, at } = await connected();
    klaviyo.revokeKey();
    expect(await read("")).toContain("Klaviyo refuses the key");
    klaviyo.acceptKey("pk_another");
    expect(textOf(await owner.do(at("/connect/connect"), { key: "pk_another" }))).toContain("The key is good");
  });

  test("while the page does not wait for longer than a reader would", async () => {
    const { klaviyo, at, owner, shop } = await connected();
    const { promise, resolve } = Promise.withResolvers<void>();
    klaviyo.failNext({ kind: "slow", until: () => promise }, { path: "/api/accounts" });
    const arrived = klaviyo.nextRequest({ path: "/api/accounts" }).catch(() => undefined);
    const page = owner.page(at(""));
    for (let waited = 0; waited < 5; waited++) {
      await new Promise((done) => setImmediate(done));
      shop.clock.advance(1_000);
    }
    expect(textOf(await page)).toContain("It has not answered yet.");
    resolve();
    await arrived;
  });
});

describe("connecting", () => {
  test("tries the key, keeps it to itself, and says what comes next", async () => {
    const { klaviyo, owner, at, shop, read } = await sandboxed();
    klaviyo.withholdScope("lists:write");
    const html = await owner.do(at("/connect/connect"), { key: ` ${klaviyo.apiKey} ` });
    const page = textOf(html);
    expect(page).toContain("Connected to Example Org.");
    expect(page).toContain("“Tell it again” sends them.");
    expect(page).toContain("The key lacks lists:write.");
    // Asked once in all: Klaviyo allows the question once a second.
    expect(klaviyo.requests.filter(({ path }) => path === "/api/accounts")).toHaveLength(1);
    for (const path of ["", "/connect", "/object", "/sandbox"]) {
      expect(await owner.page(at(path))).not.toContain(klaviyo.apiKey);
    }
    const stored = JSON.stringify(await shop.app.db.read.query.klaviyoConnections.findMany());
    expect(stored).not.toContain(klaviyo.apiKey);
    expect(await read("/connect")).toContain("Replace the key");
  });

  test.each([
    ["pk_wrong", "Klaviyo refuses this key"],
    ["AbCd12", "Is the public key of your Klaviyo account"],
    ["sk-something", "it begins with pk_"],
    ["", "Must be filled in"],
  ])("with “%s” is refused, and the key is not in the page", async (key, why) => {
    const { owner, at, shop } = await sandboxed();
    const response = await owner.submit(at("/connect/connect"), { key });
    expect(response.status).toBe(400);
    const html = await response.text();
    expect(textOf(html)).toContain(why);
    if (key.startsWith("pk")) expect(html).not.toContain(key);
    expect(await shop.app.connections.info(shop.accountId)).toMatchObject({ mode: "sandbox" });
  });

  test("to another Klaviyo account is said", async () => {
    const { owner, at, shop } = await connected();
    await shop.app.db.transaction(({ query }) => query.update(klaviyoConnections).set({ klaviyoAccountId: "XyZ987" }));
    const page = textOf(await owner.do(at("/connect/connect"), { key: "pk_test_0123456789abcdef" }));
    expect(page).toContain("This is another Klaviyo account than before (XyZ987).");
  });

  test("can be undone: then jobs wait", async () => {
    const { owner, at, issue, advance, klaviyo, shop } = await connected();
    expect(textOf(await owner.do(at("/connect/disconnect")))).toContain("Disconnected. The key is forgotten");
    const { serialNumber } = await issue(MIA);
    expect(klaviyo.profiles.size).toBe(0);
    await owner.do(at("/connect/connect"), { key: klaviyo.apiKey });
    await advance(0);
    expect(klaviyo.findProfile({ externalId: serialNumber })).toBeDefined();
    expect(shop.accountId).toStartWith("aid_");
  });
});

describe("the share of the limits", () => {
  test("is saved, and holds at once", async () => {
    const { owner, at, issue } = await connected();
    await issue(MIA);
    const page = textOf(await owner.do(at("/share"), { share: "40" }));
    expect(page).toContain("The share is saved.");
    expect(page).toContain("1 of 300 in the last minute");
  });

  test.each(["0", "101", "7.5", "many"])("is not %s", async (share) => {
    const { owner, at } = await connected();
    const response = await owner.submit(at("/share"), { share });
    expect(response.status).toBe(400);
    expect(textOf(await response.text())).toContain("Must be a whole number from 1 to 100");
  });
});

describe("setting up WalletPass", () => {
  /** Until the set-up that runs in the background has ended; Klaviyo's answers are awaited, and time goes on. */
  async function ended({ shop }: Visited): Promise<void> {
    while (shop.app.klaviyo.setupRuns.find(shop.accountId)?.outcome === undefined) {
      await new Promise((resolve) => setImmediate(resolve));
      shop.clock.advance(100);
    }
  }

  test("goes on in the background, step by step, to its end", async () => {
    const visited = await connected();
    const { owner, at, issue, read, klaviyo } = visited;
    await issue(MIA);
    expect(await read("/object")).toContain("Not set up yet");
    const started = textOf(await owner.do(at("/object/run")));
    expect(started).toContain("Klaviyo is being set up It goes on if you leave this page.");
    expect(started).toContain("Running");
    await ended(visited);
    const page = await read("/object");
    expect(page).toContain("WalletPass is there, and each pass has its record 1 pass issued before is sent now.");
    expect(page).toContain("Switched on (done)");
    expect(klaviyo.objectTypes.size).toBe(1);
    // Again changes nothing.
    await owner.do(at("/object/run"));
    await ended(visited);
    expect(klaviyo.objectTypes.size).toBe(1);
  });

  test("says so where the plan has no custom objects", async () => {
    const visited = await connected();
    visited.klaviyo.switches.customObjects = false;
    await visited.owner.do(visited.at("/object/run"));
    await ended(visited);
    const page = await visited.read("/object");
    expect(page).toContain("Your Klaviyo plan has no custom objects");
    expect(page).toContain("profiles and events are written all the same");
    expect(page).not.toContain("passhook klaviyo");
  });

  test("says where it stopped, and goes on from there", async () => {
    const visited = await connected();
    visited.klaviyo.withholdScope("custom-objects:write");
    await visited.owner.do(visited.at("/object/run"));
    await ended(visited);
    const page = await visited.read("/object");
    expect(page).toContain("The set-up is not finished");
    expect(page).toContain("lacks the scope custom-objects:read or custom-objects:write");
    visited.klaviyo.restoreScopes();
    await visited.owner.do(visited.at("/object/run"));
    await ended(visited);
    expect(await visited.read("/object")).toContain("WalletPass is there");
  });

  test("needs a connection first", async () => {
    const { read } = await sandboxed();
    expect(await read("/object")).toContain("Connect Klaviyo first");
  });
});

describe("a webhook for a flow", () => {
  /** What a person copies: the text of each block, by its label. */
  const pieces = (html: string): Map<string, string> =>
    new Map(
      [...html.matchAll(/<pre title="([^"]+)"[^>]*><code>([\s\S]*?)<\/code>/g)].map(([, label = "", code = ""]) => [
        label,
        code.replaceAll("&quot;", '"').replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&"),
      ]),
    );

  test("is put together from what the page shows, rendered by Klaviyo, and taken", async () => {
    const { shop, owner, at, template, klaviyo, read } = await connected();
    const path = `/flow/${template}/issue`;
    expect(await read(path)).toContain("Waiting for your first webhook…");
    const shown = pieces(await owner.do(at(`${path}/key`)));
    const profile = klaviyo.addProfile({ ...MIA, first_name: "Mia", properties: { Points: 70 } });
    const body = renderFlowTemplate(shown.get("JSON body") ?? "", { profile });
    const response = await shop.request(new URL(shown.get("Destination URL") ?? "").pathname, {
      method: "POST",
      headers: {
        "content-type": "application/json",
        "X-API-KEY": shown.get("Value of X-API-KEY") ?? "",
        "X-ACCOUNT-ID": shown.get("Value of X-ACCOUNT-ID") ?? "",
      },
      body,
    });
    expect(response.status).toBe(200);
    expect(await read(path)).toContain("Webhooks arrive The last one came just now and made a pass for Mia");
  });

  test("comes with a key that can only issue, and is shown once", async () => {
    const { shop, owner, at, template } = await connected();
    const path = `/flow/${template}/issue`;
    const [key = ""] = /phk_\w{8}_\w{32}/.exec(await owner.do(at(`${path}/key`))) ?? [];
    expect(await owner.page(at(path))).not.toContain(key);
    const { items } = await shop.app.accounts.listKeys(shop.accountId, { limit: 10 });
    expect(items).toContainEqual(expect.objectContaining({ label: "Klaviyo: Points card", scope: "issue" }));
  });

  test("names what to look over, and the link for emails", async () => {
    const { template, read } = await connected();
    const page = await read(`/flow/${template}/issue`);
    expect(page).toContain("Look these over points-balance");
    expect(page).toContain("{{ person|lookup:'wallet_pass_url' }}");
  });

  test("also updates and voids", async () => {
    const { template, owner, at } = await connected();
    const update = pieces(await owner.page(at(`/flow/${template}/update`)));
    expect(update.get("Destination URL")).toEndWith(`/v1/passes/${template}/by-recipient`);
    const voids = pieces(await owner.page(at(`/flow/${template}/void`)));
    expect(voids.get("Destination URL")).toEndWith(`/v1/passes/${template}/by-recipient/void`);
    expect((await owner.get(at(`/flow/${template}/delete`))).status).toBe(404);
  });

  test("starts from the list of templates", async () => {
    const { template, owner, at, read } = await connected();
    expect(await owner.page(at("/flow"))).toContain(`href="${at(`/flow/${template}/issue`)}"`);
    const other = await sandboxed();
    expect(await other.read("/flow")).toContain("No template yet");
    expect(await read("/flow")).toContain("Points card");
  });
});

describe("the sandbox log", () => {
  test("shows every request as it would be sent, and what Klaviyo would refuse", async () => {
    const { shop, read, owner, at } = await sandboxed();
    expect(await read("/sandbox")).toContain("Nothing recorded yet");
    shop.app.worker.start();
    await shop.issue({ passTemplate: await shop.pushGallery("points-card"), pass: {}, recipient: MIA });
    await shop.app.worker.idle();
    await shop.app.db.transaction(({ query }) =>
      query
        .update(sandboxRequests)
        .set({ problems: JSON.stringify([{ path: "data", message: "is <wrong>" }]) })
        .where(eq(sandboxRequests.path, "/api/events")),
    );
    const page = await read("/sandbox");
    expect(page).toContain("Profile: mia@shop.example.org POST /api/profile-import");
    expect(page).toContain("Event: Pass Created POST /api/events");
    expect(page).toContain('"email": "mia@shop.example.org"');
    expect(page).toContain("Klaviyo would refuse this data is <wrong>");
    expect(await owner.page(at("/sandbox"))).not.toContain("<wrong>");

    const refused = await read("/sandbox?refused=yes");
    expect(refused).toContain("Event: Pass Created");
    expect(refused).not.toContain("Profile: mia");
    const profiles = await read("/sandbox?path=%2Fapi%2Fprofile-import");
    expect(profiles).toContain("Profile: mia");
    expect(profiles).not.toContain("Pass Created");
    expect(await owner.page(at("/sandbox"))).toMatch(/href="[^"]+\/klaviyo\/connect">Go live/);
  });

  test("has pages", async () => {
    const { shop, owner, at } = await sandboxed();
    shop.app.worker.start();
    const template = await shop.pushGallery("points-card");
    for (let i = 0; i < 20; i++) {
      await shop.issue({ passTemplate: template, pass: {}, recipient: { email: `p${i}@shop.example.org` } });
    }
    await shop.app.worker.idle();
    const first = await owner.page(at("/sandbox"));
    const [, next = ""] = /href="([^"]+after=[^"]+)"/.exec(first) ?? [];
    const second = await owner.page(next.replaceAll("&amp;", "&"));
    expect(textOf(second)).toContain("Profile: p0@shop.example.org");
    expect(textOf(first)).not.toContain("Profile: p0@shop.example.org");
  });
});

describe("telling Klaviyo again", () => {
  test("counts first, then starts, and shows how far it is", async () => {
    const { shop, owner, at, read, template } = await sandboxed().then(async (visited) => ({
      ...visited,
      template: await visited.shop.pushGallery("points-card"),
    }));
    await shop.issue({ passTemplate: template, pass: {}, recipient: MIA });
    expect(await read("/resync")).toContain("no flow is started by them");
    const asked = await read(`/resync?template=${template}&since=2026-11-01&what=all`);
    expect(asked).toContain("Tell Klaviyo of 1 pass again?");
    expect(asked).toContain("This account is a sandbox: it will only be recorded");
    expect(await read("/resync?what=all&since=2026-12-01")).toContain("No such pass");
    const started = textOf(await owner.do(at("/resync/start"), { template, since: "2026-11-01", what: "all" }));
    expect(started).toContain("1 pass is told again, after what is new.");
    expect(started).toContain("0 of 1");
    expect(await read("")).toContain("Klaviyo is told again 0 of 1");
  });

  test("sends events that start no flow", async () => {
    const { owner, at, issue, advance, klaviyo } = await connected();
    await issue(MIA);
    const before = klaviyo.requests.length;
    await owner.do(at("/resync/start"), { what: "all" });
    await advance(1_000);
    await advance(1_000);
    expect(klaviyo.requests.slice(before).map(({ path }) => path)).toContain("/api/events");
    expect(klaviyo.events).toHaveLength(1);
  });

  test("of records only needs the object", async () => {
    const { owner, at } = await connected();
    const response = await owner.submit(at("/resync/start"), { what: "records" });
    expect(response.status).toBe(409);
    expect(textOf(await response.text())).toContain(
      "WalletPass is not set up, so there is nowhere to send records to.",
    );
  });
});

test("the rule for external ids is explained, and saved", async () => {
  const { owner, at, shop, read } = await sandboxed();
  expect(await read("/external-id")).toContain("Leave it alone");
  expect(textOf(await owner.do(at("/external-id/save"), { policy: "leave" }))).toContain("The rule is saved.");
  expect(await shop.app.accounts.resolve(shop.accountId)).toMatchObject({ externalIdPolicy: "leave" });
  expect(await read("")).toContain("External id is left alone");
  expect((await owner.submit(at("/external-id/save"), {})).status).toBe(400);
});

test("who is no owner is told so, not offered what they may not do", async () => {
  const { shop, at } = await connected();
  const viewer = await signedIn(shop, "viewer");
  const page = await viewer.page(at(""));
  expect(page).not.toContain(at("/connect"));
  expect(page).not.toContain(`action="${at("/share")}"`);
  await shop.app.connections.disconnect(shop.accountId);
  expect(textOf(await viewer.page(at("")))).toContain("Only an owner can connect Klaviyo");
  expect(textOf(await viewer.page(at("/resync?what=all")))).not.toContain("Tell Klaviyo again Cancel");
  expect(textOf(await viewer.page(at("/external-id")))).toContain("Only an owner can change this.");
});
