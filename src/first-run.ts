import type { OneTimeLink } from "./admins/links.ts";
import type { PassObject } from "./api/pass-object.ts";
import type { App } from "./app.ts";
import { type ConfigSecrets, variableOf } from "./config.ts";
import { AppError } from "./errors.ts";
import { SAMPLE_EMAIL } from "./passes/milestones-store.ts";
import type { TemplateDefinition } from "./templates/definition.ts";
import { readGalleryTemplate } from "./templates/folder.ts";
import { GALLERY } from "./templates/gallery/index.ts";

/** What a first start made. The API key is in it this once. */
export interface FirstRun {
  readonly accountId: string;
  readonly apiKey: string;
  readonly templateId: string;
  readonly samplePassUrl: string;
  /** Exactly what a Klaviyo flow would send, for another customer than the sample's. */
  readonly curl: string;
}

const DEMO_TEMPLATE = "points-card";

/** Fills an empty database so that everything can be tried; does nothing when there is an account already. */
export async function prepareFirstRun(app: App): Promise<FirstRun | undefined> {
  if (await app.accounts.first()) return undefined;
  const gallery = GALLERY.find(({ name }) => name === DEMO_TEMPLATE);
  if (!gallery) throw new AppError("internal", `The gallery has no ${DEMO_TEMPLATE}.`);
  const account = await app.accounts.createFirst("My shop");
  if (!account) return undefined;
  const { apiKey } = await app.accounts.createKey(account.id, "first start");
  const { id: templateId } = await app.templates.push(account.id, await readGalleryTemplate(gallery));
  const { definition } = await app.templates.current(account.id, templateId);

  const headers = { "Content-Type": "application/json", "X-API-KEY": apiKey, "X-ACCOUNT-ID": account.id };
  const sample = await issue(app, headers, webhookBody(templateId, definition, SAMPLE_EMAIL, "Sarah Miller"));
  const body = webhookBody(templateId, definition, "alex.rivera@example.com", "Alex Rivera");
  return {
    accountId: account.id,
    apiKey,
    templateId,
    samplePassUrl: sample.url,
    curl: curlOf(`${app.config.publicUrl}/v1/passes`, headers, body),
  };
}

/**
 * Makes the first admin from the settings; where there is none and none is set, answers a one-time link to make one in a
 * browser. Throws `invalid` for settings that cannot be used.
 */
export async function prepareFirstAdmin(
  { access }: Pick<App, "access">,
  { adminEmail: email, adminPassword: password }: Pick<ConfigSecrets, "adminEmail" | "adminPassword">,
): Promise<OneTimeLink | undefined> {
  if (await access.admins.any()) return undefined;
  if (email === undefined && password === undefined) return access.links.setup();
  const names = `${variableOf("adminEmail")} and ${variableOf("adminPassword")}`;
  if (email === undefined || password === undefined) {
    throw new AppError("invalid", `${names} make the first admin together: set both, or none.`);
  }
  try {
    await access.admins.createFirst({ email, password });
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    throw new AppError(error.code, `${names} cannot make the first admin:`, { details: error.details });
  }
  return undefined;
}

/** Through the server's own API, so that the sample shows that the whole way works. */
async function issue(app: App, headers: Record<string, string>, body: object): Promise<PassObject> {
  const request = new Request("http://localhost/v1/passes", { method: "POST", headers, body: JSON.stringify(body) });
  const response = await app.http.handle(request);
  if (response.status !== 200) throw new AppError("internal", `The sample pass was refused: ${await response.text()}`);
  return (await response.json()) as PassObject;
}

/** As Klaviyo renders it: every value is text, a number has a decimal place, an unknown id is blank. */
function webhookBody(templateId: string, { fields }: TemplateDefinition, email: string, name: string) {
  const pass: Record<string, string> = {};
  for (const [field, { type, example }] of Object.entries(fields)) {
    if (example === undefined) continue;
    pass[field] = type === "number" && !example.includes(".") ? `${example}.0` : example;
  }
  if ("member-name" in pass) pass["member-name"] = name;
  return { passTemplate: templateId, pass, recipient: { klaviyoId: "", externalId: "", email, phone: "", name } };
}

function curlOf(url: string, headers: Record<string, string>, body: object): string {
  const quote = (text: string) => `'${text.replaceAll("'", `'\\''`)}'`;
  return [
    `curl ${quote(url)}`,
    ...Object.entries(headers).map(([name, value]) => `-H ${quote(`${name}: ${value}`)}`),
    `-d ${quote(JSON.stringify(body))}`,
  ].join(" \\\n  ");
}
