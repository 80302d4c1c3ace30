import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { isDeepStrictEqual } from "node:util";
import { PNG } from "pngjs";
import type { Locales } from "../src/templates/locales.ts";
import type { TemplateVersion } from "../src/templates/template-store.ts";
import { type AdminBrowser, signedIn, textOf } from "./support/admin-browser.ts";
import { startTestApp, type TestApp } from "./support/app.ts";
import { activeParts, elementsOf } from "./support/html.ts";
import { fieldsOfForm } from "./support/page-form.ts";
import { readPackage } from "./support/read-package.ts";

/** The designer: what is typed ends in the template and in its passes, and nothing else does. */

let shop: TestApp;
let editor: AdminBrowser;
let id: string;
let path: string;

beforeEach(async () => {
  shop = await startTestApp();
  editor = await signedIn(shop, "editor");
  id = await shop.pushGallery("points-card");
  path = `/admin/${shop.accountId}/templates/${id}/design`;
});
afterEach(() => shop[Symbol.asyncDispose]());

const current = (): Promise<TemplateVersion> => shop.app.templates.current(shop.accountId, id);
const form = async (browser = editor): Promise<Record<string, string>> =>
  fieldsOfForm(await browser.page(path), "form[data-design]");

/** What the page says after the form was sent with some inputs changed; `name: undefined` leaves one out. */
async function send(
  change: Readonly<Record<string, string | undefined>>,
  action = "draft",
  browser = editor,
): Promise<string> {
  const fields = Object.entries({ ...(await form(browser)), ...change }).filter(([, value]) => value !== undefined);
  return browser.do(`${path}/${action}`, Object.fromEntries(fields) as Record<string, string>);
}

const add = (list: string): Promise<string> => send({ edit: `add ${list}` });

/** pass.json of a pass that is issued now. */
async function issuedPass(pass: object = {}): Promise<Record<string, unknown>> {
  const { serialNumber } = await shop.issue({ passTemplate: id, pass, recipient: { name: "Mia" } });
  const response = await shop.request(`/p/${serialNumber}?download`, { headers: { "user-agent": IPHONE } });
  const files = await readPackage(Buffer.from(await response.arrayBuffer()));
  return JSON.parse(files.get("pass.json")?.toString() ?? "");
}

describe("what is typed", () => {
  test("nothing: every gallery template comes out as it went in, and makes no version", async () => {
    for (const name of ["points-card", "coupon", "event-ticket"]) {
      id = await shop.pushGallery(name);
      path = `/admin/${shop.accountId}/templates/${id}/design`;
      const before = await current();
      await send({ "pass.logoText": "Other" });
      await send({ "pass.logoText": String(before.definition.pass["logoText"]) }, "save");
      expect((await current()).version).toBe(1);
      await send({ "pass.logoText": "Other" }, "save");
      const { definition, images, madeImages } = await current();
      expect({ definition, images, madeImages }).toEqual({
        definition: { ...before.definition, pass: { ...before.definition.pass, logoText: "Other" } },
        images: before.images,
        madeImages: before.madeImages,
      });
    }
  });

  test("texts, colours and settings", async () => {
    const page = await send(
      {
        name: "Winter card",
        "pass.logoText": "Winter",
        "pass.description": "A card for winter",
        "pass.organizationName": "",
        "pass.backgroundColor": "#0a7a3c",
        "pass.labelColor": "#fff",
        "pass.sharingProhibited": "true",
        "pass.expirationDate": "2031-01-31",
        timeZone: "Europe/Berlin",
        repeat: "new",
        profilePropertyPrefix: "winter_card",
      },
      "save",
    );
    expect(textOf(page)).toContain("Saved: this is version 2.");
    const { definition, author } = await current();
    expect(author).toBe("editor@example.com");
    expect(definition).toMatchObject({
      name: "Winter card",
      timeZone: "Europe/Berlin",
      repeat: "new",
      profilePropertyPrefix: "winter_card",
    });
    expect(await issuedPass()).toMatchObject({
      logoText: "Winter",
      description: "A card for winter",
      organizationName: "Test shop",
      backgroundColor: "rgb(10, 122, 60)",
      labelColor: "rgb(255, 255, 255)",
      sharingProhibited: true,
      expirationDate: "2031-01-31T23:59:59+01:00",
    });
  });

  test("fields of the pass: added, moved, taken away", async () => {
    await add("front.auxiliaryFields");
    await send({
      "front.auxiliaryFields.0.label": "Member until",
      "front.auxiliaryFields.0.value": "2030-05-01T12:00Z",
      "front.auxiliaryFields.0.dateStyle": "PKDateStyleLong",
      "front.auxiliaryFields.0.changeMessage": "Now until %@",
      "front.auxiliaryFields.0.textAlignment": "PKTextAlignmentRight",
      edit: "remove front.headerFields 0",
    });
    await send({ edit: "up front.secondaryFields 1" });
    await send({}, "save");
    const { storeCard } = (await issuedPass({ "member-name": "Mia" })) as {
      storeCard: Record<string, { key: string }[]>;
    };
    expect(storeCard["headerFields"]).toBeUndefined();
    expect(storeCard["secondaryFields"]?.map(({ key }) => key)).toEqual(["issued", "member"]);
    expect(storeCard["auxiliaryFields"]).toEqual([
      {
        key: "auxiliary-1",
        label: "Member until",
        value: "2030-05-01T12:00Z",
        dateStyle: "PKDateStyleLong",
        changeMessage: "Now until %@",
        textAlignment: "PKTextAlignmentRight",
      } as never,
    ]);
  });

  test("a field moves on into the next area, in the order in which the style shows them", async () => {
    await send({ edit: "up front.secondaryFields 0" });
    await send({ edit: "down front.secondaryFields 0" });
    const page = textOf(await send({ edit: "up front.headerFields 0" }));
    expect(page).toContain("Up into “Row of facts”");
    expect(page).toContain(
      "is not shown: Store card shows 1 of “Large” at most, and there are 2; move it to “On the back”",
    );
    await send({}, "save");
    const keys = (group: string, style = "storeCard") =>
      ((pass) => (pass[style] as Record<string, { key: string }[]>)[group]?.map(({ key }) => key))(
        definition.pass as Record<string, unknown>,
      );
    const { definition } = await current();
    expect(keys("headerFields")).toEqual(["level"]);
    expect(keys("primaryFields")).toEqual(["points", "member"]);
    expect(keys("secondaryFields")).toBeUndefined();
    expect(keys("auxiliaryFields")).toEqual(["issued"]);
    expect(textOf(await send({ style: "boardingPass" }))).toContain("Up into “From and to”");
  });

  test("another style takes the fields along", async () => {
    await send({ style: "generic" }, "save");
    const pass = await issuedPass();
    expect(Object.keys(pass)).toContain("generic");
    expect(Object.keys(pass)).not.toContain("storeCard");
  });

  test("what the template asks for: a renamed value stays with its passes, and flows that use the old name go on", async () => {
    const { serialNumber } = await shop.issue({
      passTemplate: id,
      pass: { "points-balance": "70" },
      recipient: { email: "mia@example.com" },
    });
    await add("fields");
    await send(
      {
        "fields.1.name": "points",
        "fields.3.name": "shop",
        "fields.3.type": "text",
        "fields.3.required": "true",
        "fields.3.default": "Bristol",
      },
      "save",
    );
    const { definition } = await current();
    expect(definition.fields["points"]).toMatchObject({ type: "number", formerly: ["points-balance"], default: 0 });
    expect(definition.fields["shop"]).toEqual({ type: "text", required: true, default: "Bristol" });
    expect(JSON.stringify(definition.pass)).toContain("{{points}}");
    const whole = await shop.app.updater.find({ accountId: shop.accountId, serial: serialNumber });
    expect(whole.pass.values).toMatchObject({ "points-balance": "70" });
    expect(JSON.stringify(await issuedPass({ "points-balance": "80" }))).toContain('"value":80');
  });

  test("barcodes, places and buttons", async () => {
    await add("pass.barcodes");
    await add("pass.locations");
    await add("pass.featuredActions");
    await send(
      {
        "pass.barcodes.1.format": "PKBarcodeFormatCode128",
        "pass.barcodes.1.message": "ABC-{{serial}}",
        "pass.barcodes.1.altText": "Card {{serial}}",
        "pass.locations.0.latitude": "51.4545",
        "pass.locations.0.longitude": "-2.5879",
        "pass.locations.0.relevantText": "Come in",
        "pass.maxDistance": "200",
        "pass.featuredActions.0.type": "shop",
        "pass.featuredActions.0.url": "https://fennimore.example/",
        "pass.featuredActions.0.identifier": "shop",
      },
      "save",
    );
    const pass = await issuedPass();
    expect(pass["locations"]).toEqual([{ latitude: 51.4545, longitude: -2.5879, relevantText: "Come in" }]);
    expect(pass["maxDistance"]).toBe(200);
    expect(pass["featuredActions"]).toEqual([{ type: "shop", url: "https://fennimore.example/", identifier: "shop" }]);
    expect(pass["barcodes"]).toMatchObject([
      {},
      { format: "PKBarcodeFormatCode128", message: expect.stringMatching(/^ABC-\w{26}$/) },
    ]);
  });

  test("languages, of which each says every text", async () => {
    await send({ language: "de", edit: "add languages" });
    const page = await send({ language: "en", edit: "add languages" });
    const fields = await fieldsOfForm(page, "form[data-design]");
    const [line] =
      Object.entries(fields).find(
        ([name, value]) => name.endsWith(".key") && name.startsWith("translations") && value === "Points",
      ) ?? [];
    await send({ [`${line?.replace(/key$/, "to-de")}`]: "Punkte" }, "save");
    const { locales } = await current();
    expect(locales satisfies Locales).toEqual({ de: { Points: "Punkte" }, en: { Points: "Points" } });
    const shown = await send({ "preview.language": "de" });
    expect(shown).toContain('<dt dir="auto">Punkte</dt>');
    const bad = await send({ language: "klingon", edit: "add languages" });
    expect(textOf(bad)).toContain("Is not a language code such as fr");
    expect(textOf(await send({ language: "de", edit: "add languages" }))).toContain("Is there already");
  });

  test("everything else, as JSON; what is wrong there is named with its line", async () => {
    const rest = '{\n  "pass": {\n    "semantics": {\n      "balance": 5,\n      "nonsense": true\n    }\n  }\n}';
    const page = textOf(await send({ rest }));
    expect(page).toContain("Line 4: pass.semantics.balance");
    expect(page).toContain("Line 5: pass.semantics.nonsense");
    expect(textOf(await send({ rest: '{\n  "pass": {,}' }))).toContain("is not JSON in line 2");
    expect(textOf(await send({ rest: '{"pass": {"logoText": "x"}}' }))).toContain("which has an input of its own");
    await send({ rest: '{"pass": {"userInfo": {"a": 1}}}' }, "save");
    expect((await issuedPass())["userInfo"]).toEqual({ a: 1 });
  });
});

describe("while somebody types", () => {
  test("the page of the answer has the pass as it would be, and what is to be mended at its input", async () => {
    const page = await send({
      "pass.logoText": "Half a wor",
      "pass.backgroundColor": "#102030",
      "front.primaryFields.0.value": "{{pionts-balance}}",
      "fields.0.example": "Wilhelmina Featherstonehaugh",
    });
    expect(page).toContain('<span class="pass-logo-text" dir="auto">Half a wor</span>');
    expect(page).toContain("--pass-background:rgb(16 32 48)");
    expect(page).toContain("Wilhelmina Featherstonehaugh</dd>");
    const field = /<div class="field wrong">.*?<\/div><\/div>/.exec(page)?.[0] ?? "";
    expect(field).toContain('name="front.primaryFields.0.value"');
    expect(textOf(field)).toContain(
      '{{pionts-balance}} is neither a field of this template nor built in (did you mean "points-balance"?)',
    );
    expect((await current()).version).toBe(1);
  });

  test("what would not look right is said, and keeps nobody from saving", async () => {
    const page = textOf(await send({ "front.headerFields.0.changeMessage": "Your level changed." }));
    expect(page).toContain("Worth a look");
    expect(textOf(await send({}, "save"))).toContain("Saved: this is version 2.");
  });

  test("colours on which texts are hard to read are among what is said, with what to do", async () => {
    expect((await form())["pass.backgroundColor"]).toMatch(/^#[0-9a-f]{6}$/);
    const page = await send({ "pass.backgroundColor": "#ffffff", "pass.foregroundColor": "#eeeeee" });
    expect(textOf(page)).toContain("Colour of values is hard to read on the background (1.2 : 1, at least 4.5 : 1");
    expect(textOf(page)).toContain("take a darker one");
    expect(page).toContain('name="pass.foregroundColor" value="#eeeeee"');
  });

  test("a day alone is a date, as the hint of the input says", async () => {
    const page = textOf(await send({ "pass.expirationDate": "2030-12-31" }));
    expect(page).toContain("Nothing to mend");
    expect(textOf(await send({ "pass.expirationDate": "31.12.2030" }))).toContain("is not a complete date");
  });

  test("what shows a value is drawn with its example, else with its default, else with one of its type", async () => {
    const shown = async (change: Record<string, string>) =>
      textOf((await send(change)).split('data-part="findings"')[0] ?? "");
    expect(await shown({ "fields.2.example": "Silver" })).toContain("Level Silver");
    expect(await shown({ "fields.2.example": "" })).toContain("Level Member");
    expect(await shown({ "fields.2.default": "" })).toContain("Level Example");
  });

  test("what is wrong is not saved, and stays typed", async () => {
    const page = await send({ name: "", timeZone: "Mars/Olympus", "pass.expirationDate": "soon" }, "save");
    expect(textOf(page)).toContain("It was not saved: there is something to mend first.");
    expect(textOf(page)).toContain("is not an IANA time zone");
    expect(page).toContain('value="Mars/Olympus"');
    expect((await current()).version).toBe(1);
  });

  test("half a form, or none of it, throws nothing away", async () => {
    await send({ "pass.logoText": "Kept" });
    expect((await editor.submit(`${path}/draft`, { name: "x" })).status).toBe(400);
    expect((await form())["pass.logoText"]).toBe("Kept");
  });

  test("whatever is typed, the page stands", async () => {
    const base = await form();
    const nonsense = ["__proto__", "{{", "{{constructor}}", "\u0000", "9".repeat(400), "[1", '{"__proto__":{"a":1}}'];
    for (const text of nonsense) {
      for (const name of Object.keys(base)) if (name !== "based-on") base[name] = text;
      const response = await editor.submit(`${path}/draft`, base);
      expect([text, response.status]).toEqual([text, 303]);
      expect((await editor.get(path)).status).toBe(200);
    }
  });
});

describe("a draft", () => {
  test("is kept over a reload, is its writer's alone, and can be thrown away", async () => {
    await send({ "pass.logoText": "Draft" });
    expect((await form())["pass.logoText"]).toBe("Draft");
    const list = textOf(await editor.page(`/admin/${shop.accountId}/templates`));
    expect(list).toContain("Your drafts Points card of version 1");
    const other = await signedIn(shop, "owner");
    expect((await form(other))["pass.logoText"]).toBe("Fennimore");
    await send({}, "discard");
    expect((await form())["pass.logoText"]).toBe("Fennimore");
  });

  test("of somebody who was overtaken is not saved over the other's, who is named with what they changed", async () => {
    const owner = await signedIn(shop, "owner");
    await send({ "pass.logoText": "Mine" });
    await send({ "pass.description": "Theirs" }, "save", owner);
    const page = textOf(await send({}, "save"));
    expect(page).toContain("Version 2 was saved while you were working on version 1");
    expect(page).toContain("By owner@example.com");
    expect(page).toContain("It was not saved: somebody else was faster. Decide below which version stays.");
    expect(page).toContain("Decide which version stays See the pass");
    expect(page).not.toContain("Save as version");
    expect(page).toContain("What they changed Texts Description");
    expect(page).toContain("What you changed Texts Text beside the logo");
    expect((await current()).version).toBe(2);
    expect(textOf(await editor.do(`${path}/overwrite`))).toContain("Saved: this is version 3.");
    expect((await current()).definition.pass).toMatchObject({
      logoText: "Mine",
      description: "Fennimore Coffee points card",
    });
  });

  test("begun on a page that was loaded before the other saved is no exception", async () => {
    const owner = await signedIn(shop, "owner");
    const loaded = await form();
    await send({ "pass.description": "Theirs" }, "save", owner);
    const response = await editor.submit(`${path}/save`, { ...loaded, "pass.logoText": "Mine" });
    expect(response.status).toBe(409);
    expect((await current()).version).toBe(2);
  });

  test("of a template that was deleted meanwhile leads nowhere", async () => {
    const loaded = await form();
    await shop.app.templates.remove(shop.accountId, id);
    expect((await editor.submit(`${path}/save`, loaded)).status).toBe(404);
  });

  test("of one account is nothing under another", async () => {
    await send({ "pass.logoText": "Mine" });
    const other = await shop.app.accounts.create("Other");
    expect((await editor.get(path.replace(shop.accountId, other.id))).status).toBe(404);
    expect((await editor.submit(`${path.replace(shop.accountId, other.id)}/draft`, await form())).status).toBe(404);
  });
});

describe("images", () => {
  const png = (width: number, height: number): Buffer => {
    const image = new PNG({ width, height });
    for (let i = 0; i < image.data.length; i += 4) image.data.set([200, (i >> 4) % 256, 40, 255], i);
    return PNG.sync.write(image);
  };
  const upload = async (name: string, bytes: Uint8Array, action = "draft") =>
    editor.upload(`${path}/${action}`, {
      ...(await form()),
      [`images.${name}`]: new File([new Uint8Array(bytes)], "picture.png", { type: "image/png" }),
    });
  const sizeOf = (bytes: Buffer | undefined) => [bytes?.readUInt32BE(16), bytes?.readUInt32BE(20)];

  test("take the place of what was there, in every density that can be had", async () => {
    expect((await upload("logo", png(480, 150))).status).toBe(303);
    await send({}, "save");
    const { images, madeImages } = await current();
    expect(["logo@3x.png", "logo@2x.png", "logo.png"].map((file) => sizeOf(images.get(file)))).toEqual([
      [480, 150],
      [320, 100],
      [160, 50],
    ]);
    expect(madeImages).toContain("logo.png");
    expect(madeImages).not.toContain("logo@3x.png");
  });

  test("that are too large are made smaller in their proportions; others are taken as they are, with a remark", async () => {
    await upload("logo", png(1600, 1000));
    await upload("strip", png(900, 900));
    const page = textOf(await editor.page(path));
    expect(page).toContain("Is 900 × 900 pixels; Apple asks for");
    await send({}, "save");
    const { images } = await current();
    expect(sizeOf(images.get("logo@3x.png"))).toEqual([240, 150]);
    expect([...images.values()].map(sizeOf)).toContainEqual([900, 900]);
  });

  test("can be taken away, but for the icon", async () => {
    await send({ edit: "remove-image strip" });
    await send({ edit: "remove-image icon" });
    const page = textOf(await send({}, "save"));
    expect(page).toContain("It was not saved");
    expect(page).toContain("every pass needs an icon");
    await upload("icon", png(114, 114));
    await send({}, "save");
    expect([...(await current()).images.keys()].filter((file) => file.startsWith("strip"))).toEqual([]);
  });

  test("that are none are refused, and what was typed is kept", async () => {
    const bomb = png(10, 10);
    bomb.writeUInt32BE(100_000, 16);
    for (const [bytes, said] of [
      [Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'), "this is an SVG drawing"],
      [Buffer.alloc(0), "this is an empty file"],
      [Buffer.from("<!doctype html><script>alert(1)</script>"), "this is no picture"],
      [Buffer.from("\xff\xd8\xff\xe0 JFIF", "latin1"), "this is a JPEG picture"],
      [png(20, 20).subarray(0, 60), "is a broken PNG file"],
      [bomb, "100000 × 10 pixels"],
      [PNG.sync.write(new PNG({ width: 20, height: 20, fill: true })), "every pixel of it is transparent"],
      [Buffer.concat([png(20, 20), Buffer.alloc(4.5 * 1024 * 1024)]), "is larger than 4 MB"],
    ] as const) {
      const fields = { ...(await form()), "pass.logoText": said };
      const picture = new File([new Uint8Array(bytes)], "logo.png", { type: "image/png" });
      const response = await editor.upload(`${path}/draft`, { ...fields, "images.logo": picture });
      expect([said, response.status]).toEqual([said, 400]);
      const page = await response.text();
      expect(textOf(page).toLowerCase()).toContain(said.toLowerCase());
      expect(page).toContain(`value="${said}"`);
    }
    const before = await current();
    await send({ "pass.logoText": "Fennimore" }, "save");
    expect(isDeepStrictEqual((await current()).images, before.images)).toBe(true);
  });

  test("lose what is hidden in their files", async () => {
    const picture = png(480, 150);
    const remark = Buffer.concat([
      Buffer.from([0, 0, 0, 29]),
      Buffer.from("tEXtTitle\0<script>alert(1)</script>"),
      Buffer.alloc(4),
    ]);
    remark.writeUInt32BE(remark.length - 12, 0);
    remark.writeUInt32BE(Bun.hash.crc32(remark.subarray(4, -4)), remark.length - 4);
    const polyglot = Buffer.concat([
      picture.subarray(0, 33),
      remark,
      picture.subarray(33),
      Buffer.from("PK\x03\x04<html>"),
    ]);
    await upload("logo", polyglot, "save");
    const kept = (await current()).images.get("logo@3x.png");
    expect(sizeOf(kept)).toEqual([480, 150]);
    expect(kept?.toString("latin1")).not.toMatch(/script|html|tEXt/);
  });

  test("of 100 MB are not read to their end", async () => {
    let sent = 0;
    const chunk = new Uint8Array(1024 * 1024);
    const endless = new ReadableStream({
      pull(controller) {
        sent++;
        if (sent > 100) controller.close();
        else controller.enqueue(chunk);
      },
    });
    const cookie = [...editor.cookies].map(([name, value]) => `${name}=${value}`).join("; ");
    const headers = { cookie, "sec-fetch-site": "same-origin", "content-type": "multipart/form-data; boundary=x" };
    const response = await shop.request(`${path}/draft`, {
      method: "POST",
      headers,
      body: endless,
      duplex: "half",
    } as RequestInit);
    expect(response.status).toBe(413);
    expect(sent).toBeLessThan(20);
  });
});

test("no text that is typed becomes markup", async () => {
  const evil = `"'><img src=x onerror=alert(1)></textarea><script>alert(1)</script>`;
  await add("front.backFields");
  await add("fields");
  await add("pass.barcodes");
  await add("pass.locations");
  await add("pass.featuredActions");
  await send({ language: "de", edit: "add languages" });
  const fields = await form();
  for (const name of Object.keys(fields)) if (!["based-on", "style"].includes(name)) fields[name] = evil;
  const html = await editor.do(`${path}/draft`, fields);
  expect(html).toContain("&lt;img src=x");
  const known = await activeParts(await elementsOf(await (await signedIn(shop, "owner")).page(path)));
  expect(activeParts(await elementsOf(html)).toSorted()).toEqual(known.toSorted());
  expect(textOf(await editor.page(`/admin/${shop.accountId}/templates`))).toContain("Your drafts");
  expect(await editor.page(`/admin/${shop.accountId}/templates`)).not.toContain("<img src=x");
});

test("without script the form has a button for the preview, which the enter key presses, and forgets nothing", async () => {
  const html = await editor.page(path);
  const elements = await elementsOf(/<form[^>]*data-design[\s\S]*?<\/form>/.exec(html)?.[0] ?? "");
  const buttons = elements.filter(({ tag, attributes }) => tag === "button" && attributes["type"] === "submit");
  expect(buttons[0]?.attributes["formaction"]).toBeUndefined();
  expect(elements[0]?.attributes).toMatchObject({
    method: "post",
    enctype: "multipart/form-data",
    action: `${path}/draft`,
  });
  expect(elements.filter(({ attributes }) => attributes["style"] !== undefined)).toEqual([]);
});

const IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Safari/604.1";
