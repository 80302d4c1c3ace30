import { createApp } from "../src/app.ts";
import { resolveConfig } from "../src/config.ts";
import { readGalleryTemplate } from "../src/templates/folder.ts";
import { pointsCard } from "../src/templates/gallery/points-card.ts";

/** A data folder with an account, a template and one pass, for a server to start on. */
export interface Shop {
  readonly dataDir: string;
  readonly accountId: string;
  readonly apiKey: string;
  /** Id of the points card. */
  readonly template: string;
  /** Serial number of the pass. */
  readonly sample: string;
  /** Nothing where the account is a sandbox. */
  readonly klaviyoUrl: string | undefined;
}

/** Where Klaviyo is, and a key to it. */
export interface KlaviyoAccess {
  readonly url: string;
  readonly apiKey: string;
}

/** Makes a data folder. With `klaviyo` the account is connected to it, and its custom object is set up. */
export async function prepareShop(dataDir: string, klaviyo?: KlaviyoAccess): Promise<Shop> {
  const { config, secrets } = resolveConfig({ data: dataDir, ...(klaviyo ? { klaviyoUrl: klaviyo.url } : {}) }, {});
  await using app = createApp({ config, secrets, drainMs: 0 });
  const { id: accountId } = await app.accounts.create("Bench");
  const { apiKey } = await app.accounts.createKey(accountId, "bench");
  const { id } = await app.templates.push(accountId, await readGalleryTemplate(pointsCard));
  const template = await app.templates.current(accountId, id);
  const given = new Map(Object.entries(cardOf(0)).map(([name, text]) => [name, { kind: "text", text } as const]));
  const { pass } = await app.issuer.issue({ accountId, template, given, recipient: personOf(0), bodyHash: "sample" });
  if (klaviyo) {
    await app.connections.connect(accountId, klaviyo.apiKey);
    await app.klaviyo.setup.run(accountId, () => {});
  }
  return { dataDir, accountId, apiKey, template: id, sample: pass.serial, klaviyoUrl: klaviyo?.url };
}

/** The nth customer. */
export const personOf = (n: number) => ({ email: `sarah.miller.${n}@example.com`, name: `Sarah Miller ${n}` });

/** What their card says, as Klaviyo renders it. */
export const cardOf = (n: number) => ({
  "member-name": personOf(n).name,
  "points-balance": `${n % 1000}.0`,
  "member-level": "Regular",
});
