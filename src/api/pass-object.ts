import { toIso } from "../clock.ts";
import type { Pass } from "../passes/pass.ts";
import { packageUrl, passUrl } from "../passes/pass-url.ts";
import { statusOf } from "../passes/status.ts";
import { valueOrDefault } from "../templates/fill.ts";
import type { TemplateVersion } from "../templates/template-store.ts";
import type { PassObject } from "./schemas/pass.ts";

export type { PassObject } from "./schemas/pass.ts";

/**
 * A pass as PassNinja's API shows it. Clients differ in the names they read, so the serial number and the template
 * appear under every name in use; field values are text, because some clients can decode nothing else. `now` tells whether
 * it has expired.
 */
export function passObject(pass: Pass, template: TemplateVersion, publicUrl: string, now: number): PassObject {
  const landing = passUrl(publicUrl, pass.serial);
  const { definition } = template;
  const values: Record<string, string> = {};
  for (const name of Object.keys(definition.fields)) {
    const value = valueOrDefault(definition, pass.values, name);
    if (value !== undefined) values[name] = value;
  }
  return {
    id: pass.serial,
    passId: pass.serial,
    serialNumber: pass.serial,
    passTemplate: pass.templateId,
    passType: pass.templateId,
    status: statusOf({ pass, template }, now),
    issuedDate: toIso(pass.createdAt),
    installedDate: pass.installedAt === null ? null : toIso(pass.installedAt),
    createdAt: toIso(pass.createdAt),
    url: landing,
    urls: { landing, apple: packageUrl(publicUrl, pass.serial), google: null },
    pass: values,
  };
}
