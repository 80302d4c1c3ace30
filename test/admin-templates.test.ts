import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { deflateRawSync } from "node:zlib";
import { type AdminBrowser, signedIn, textOf } from "./support/admin-browser.ts";
import { startTestApp, type TestApp } from "./support/app.ts";
import { fieldsOfForm } from "./support/page-form.ts";
import { phone } from "./support/phone.ts";
import { cardWith } from "./support/template.ts";

/** The list of templates, one template's page, its versions, the ways to a new one, and test passes. */

const CARD = cardWith({ points: { type: "number" } }, { name: "Summer card" });

let shop: TestApp;
let editor: AdminBrowser;
let id: string;

beforeEach(async () => {
  shop = await startTestApp();
  editor = await signedIn(shop, "editor");
  id = await shop.pushTemplate({ definition: CARD });
});
afterEach(() => shop[Symbol.asyncDispose]());

const at = (path: string): string => `/admin/${shop.accountId}${path}`;
const read = async (path: string): Promise<string> => textOf(await editor.page(at(path)));
const current = () => shop.app.templates.current(shop.accountId, id);

async function pushAgain(change: Readonly<Record<string, unknown>>): Promise<void> {
  const { images } = await current();
  await shop.app.templates.push(shop.accountId, { id, definition: { ...CARD, ...change }, images }, { author: "Kim" });
}

describe("the list", () => {
  test("shows every template with its style, counts and version, drawn in its colours", async () => {
    const { serialNumber } = await shop.issue({ passTemplate: id, pass: { points: "7" } });
    await phone(shop, serialNumber).register();
    await shop.pushGallery("event-ticket");
    const response = await editor.get(at("/templates"));
    const html = await response.text();
    expect(textOf(html)).toContain("Summer card Generic Issued 1 In wallets 1 Version 1, just now");
    expect(textOf(html)).toContain("Event ticket Event ticket Issued 0 In wallets 0");
    const style = /<style>([^<]*)<\/style>/.exec(html)?.[1] ?? "";
    expect(style).toContain("--pass-background:rgb(36 25 66)");
    const hash = new Bun.CryptoHasher("sha256").update(style).digest("base64");
    expect(response.headers.get("content-security-policy")).toContain(`'sha256-${hash}'`);
  });

  test("its pictures are files of the account's own templates", async () => {
    const html = await editor.page(at("/templates"));
    const [, image = ""] = /src="([^"]+%403x\.png)"/.exec(html.replaceAll("@", "%40")) ?? [];
    const response = await editor.get(image);
    expect([response.status, response.headers.get("content-type")]).toEqual([200, "image/png"]);
    expect(response.headers.get("cache-control")).toStartWith("private,");
    const other = await shop.app.accounts.create("Other");
    expect((await editor.get(image.replace(shop.accountId, other.id))).status).toBe(404);
  });

  test("is empty where there is none", async () => {
    const other = await shop.app.accounts.create("Other");
    expect(textOf(await editor.page(`/admin/${other.id}/templates`))).toContain("No template yet");
  });
});

describe("a template", () => {
  test("shows what it asks for and who made its versions", async () => {
    await pushAgain({ repeat: "new" });
    const page = await read(`/templates/${id}`);
    for (const text of [id, "points", "Number", "makes a new pass", "Kim", "not noted", "2 Now"]) {
      expect(page).toContain(text);
    }
  });

  test("is deleted where its name is typed, and not otherwise", async () => {
    const again = await editor.do(at(`/templates/${id}/delete`), { confirm: "delete" });
    expect(textOf(again)).toContain("Type the name, Summer card, to delete the template.");
    expect((await current()).version).toBe(1);
    const gone = await editor.do(at(`/templates/${id}/delete`), { confirm: "Summer card" });
    expect(textOf(gone)).toContain("“Summer card” is deleted");
    expect((await editor.get(at(`/templates/${id}`))).status).toBe(404);
  });
});

describe("versions", () => {
  const CHANGED = {
    name: "Autumn card",
    pass: {
      description: "A card",
      backgroundColor: "rgb(1, 2, 3)",
      generic: { primaryFields: [{ key: "points", label: "Points", value: "{{points}}" }] },
    },
    fields: { points: { type: "number", required: true } },
  };

  test("say in plain words what changed", async () => {
    await pushAgain(CHANGED);
    const page = await read(`/templates/${id}/versions/2`);
    for (const text of [
      "Settings Name Before: Summer card After: Autumn card",
      "Organisation Before: Test shop",
      "Background After: #010203",
      "“points” label Before: points After: Points",
      "“points” required Before: no After: yes",
    ]) {
      expect(page).toContain(text);
    }
    expect(await read(`/templates/${id}/versions/1?with=1`)).toContain("Nothing: the two are the same.");
  });

  test("can be gone back to, which makes a new one and tells phones", async () => {
    await pushAgain(CHANGED);
    const page = await editor.do(at(`/templates/${id}/versions/1/restore`));
    expect(textOf(page)).toContain("Version 1 is back, as version 3.");
    const { version, author, definition } = await current();
    expect({ version, author, definition }).toEqual({
      version: 3,
      author: "editor@example.com",
      definition: (await shop.app.templates.version(shop.accountId, id, 1)).definition,
    });
  });

  test("that are not there are not found", async () => {
    for (const version of ["2", "0", "x", "1e3"]) {
      expect((await editor.get(at(`/templates/${id}/versions/${version}`))).status).toBe(404);
    }
  });
});

describe("a new template", () => {
  /** Follows a form to the designer, saves there, and answers the template. */
  async function saved(response: Response) {
    expect(response.status).toBe(303);
    const design = response.headers.get("location") ?? "";
    const [, made = ""] = /templates\/(ptk_0x[0-9a-f]+)\/design$/.exec(design) ?? [];
    // Nothing is in use before it is saved.
    expect(shop.app.templates.current(shop.accountId, made)).rejects.toThrow("There is no template");
    expect(textOf(await editor.page(design))).toContain("A new template, which is not saved yet.");
    return { design, made };
  }

  async function publish(design: string): Promise<string> {
    const fields = await fieldsOfForm(await editor.page(design), "form[data-design]");
    return textOf(await editor.do(`${design}/save`, fields));
  }

  test("begins in the gallery, which shows its pictures", async () => {
    const html = await editor.page(at("/templates/new"));
    const [, image = ""] = /src="([^"]*points-card[^"]*)"/.exec(html) ?? [];
    expect((await editor.get(image)).headers.get("content-type")).toBe("image/png");
    const { design, made } = await saved(await editor.submit(at("/templates/new/gallery"), { gallery: "points-card" }));
    expect(await publish(design)).toContain("Saved: this is version 1.");
    const gallery = await shop.app.templates.current(shop.accountId, await shop.pushGallery("points-card"));
    const own = await shop.app.templates.current(shop.accountId, made);
    expect(own.definition).toEqual(gallery.definition);
    expect(own.images).toEqual(gallery.images);
    await shop.issue({ passTemplate: made, pass: {} });
  });

  test.each([
    ["boardingPass", "From BRS"],
    ["coupon", "20 % off"],
    ["eventTicket", "Summer concert"],
    ["generic", "Sarah Miller"],
    ["storeCard", "Points 70"],
  ])("of the style %s begins with what such a pass shows, and with nothing to mend", async (style, shown) => {
    const { design } = await saved(await editor.submit(at("/templates/new/scratch"), { name: "Club", style }));
    const page = textOf(await editor.page(design));
    expect(page).toContain(shown);
    expect(page).toContain("Nothing to mend");
    expect(await publish(design)).toContain("Saved: this is version 1.");
  });

  test("begins with a name and a style", async () => {
    const sent = editor.submit(at("/templates/new/scratch"), { name: "Club <b>", style: "boardingPass" });
    const { design, made } = await saved(await sent);
    await publish(design);
    expect((await shop.app.templates.current(shop.accountId, made)).definition).toMatchObject({
      name: "Club <b>",
      style: "boardingPass",
    });
  });

  test("is a copy of another", async () => {
    const { design, made } = await saved(await editor.submit(at("/templates/new/copy"), { template: id }));
    await publish(design);
    const copy = await shop.app.templates.current(shop.accountId, made);
    expect(copy.definition).toEqual({ ...(await current()).definition, name: "Copy of Summer card" });
  });

  const passForm = (bytes: Uint8Array<ArrayBuffer>) => ({ pass: new File([bytes], "old.pkpass") });

  test("is made from a pass that is uploaded", async () => {
    const { serialNumber } = await shop.issue({ passTemplate: id, pass: { points: "70" } });
    const pass = new Uint8Array(await (await shop.request(`/p/${serialNumber}?download`, IPHONE)).arrayBuffer());
    const { design, made } = await saved(await editor.upload(at("/templates/new/import"), passForm(pass)));
    await publish(design);
    const { definition } = await shop.app.templates.current(shop.accountId, made);
    expect(definition.fields).toEqual({ points: { type: "number", label: "points", example: "70" } });
  });

  test("is not made from what is no pass, or too much of one", async () => {
    for (const [bytes, said] of [
      [new TextEncoder().encode("<html>"), "is not a zip archive"],
      [zipOf("pass.json", Buffer.alloc(60 * 1024 * 1024)), "unpacks to more than is read"],
      [zipOf("readme.txt", Buffer.from("hello")), "holds no pass.json"],
    ] as const) {
      const response = await editor.upload(at("/templates/new/import"), passForm(new Uint8Array(bytes)));
      expect(response.status).toBe(400);
      const page = textOf(await response.text());
      expect(page).toContain(said);
      expect(page).toContain("Choose the .pkpass file itself");
    }
    const large = await editor.upload(at("/templates/new/import"), passForm(new Uint8Array(11 * 1024 * 1024)));
    expect(large.status).toBe(413);
  });
});

describe("a test pass", () => {
  test("is issued to nobody whom Klaviyo could know, and shows its code", async () => {
    expect(await read(`/templates/${id}/test`)).toContain("Leave it empty, and Klaviyo is told nothing.");
    const fields = { "recipient.name": "Trial", "pass.points": "12" };
    const page = await editor.do(at(`/templates/${id}/test/issue`), fields);
    expect(page).toContain('aria-label="QR code of the wallet link"');
    expect(textOf(page)).toContain("The test pass is issued.");
    const [pass] = await shop.app.db.read.query.passes.findMany();
    expect(JSON.parse(pass?.fields ?? "")).toEqual({ points: "12" });
    expect(await shop.app.db.read.query.outbox.findMany()).toEqual([]);
  });

  test("with an address is that person's, as a flow's would be", async () => {
    await editor.do(at(`/templates/${id}/test/issue`), { "recipient.email": "mia@example.com" });
    expect((await shop.app.db.read.query.outbox.findMany()).map(({ kind }) => kind)).toContain("klaviyo.profile");
  });

  test("says what is wrong at the input, and keeps what was typed", async () => {
    const bad = { "recipient.name": "Trial", "pass.points": "many", "recipient.email": "" };
    const page = textOf(await editor.do(at(`/templates/${id}/test/issue`), bad));
    expect(page).toContain("Must be a number such as");
    const address = await editor.do(at(`/templates/${id}/test/issue`), { ...bad, "recipient.email": "nobody" });
    expect(textOf(address)).toContain("Must be an e-mail address, or empty");
    expect(address).toContain('value="many"');
  });
});

const IPHONE = {
  headers: { "user-agent": "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Safari/604.1" },
};

/** An archive with one file, deflated. */
function zipOf(name: string, content: Buffer): Buffer {
  const packed = deflateRawSync(content);
  const crc = Bun.hash.crc32(content);
  const head = Buffer.alloc(26);
  head.writeUInt16LE(20, 0);
  head.writeUInt16LE(8, 4);
  head.writeUInt16LE(0x21, 8);
  head.writeUInt32LE(crc, 10);
  head.writeUInt32LE(packed.length, 14);
  head.writeUInt32LE(content.length, 18);
  head.writeUInt16LE(name.length, 22);
  const local = Buffer.concat([Buffer.from("PK\x03\x04"), head, Buffer.from(name), packed]);
  const rest = Buffer.alloc(14);
  const central = Buffer.concat([Buffer.from("PK\x01\x02"), Buffer.from([20, 0]), head, rest, Buffer.from(name)]);
  const end = Buffer.alloc(18);
  end.writeUInt16LE(1, 4);
  end.writeUInt16LE(1, 6);
  end.writeUInt32LE(central.length, 8);
  end.writeUInt32LE(local.length, 12);
  return Buffer.concat([local, central, Buffer.from("PK\x05\x06"), end]);
}
