import type { Account } from "../accounts/account-store.ts";
import type { Identities } from "../apple/identities.ts";
import { lintPackage } from "../apple/lint/lint-package.ts";
import type { PassPackages } from "../apple/pass-packages.ts";
import { samplePass } from "../passes/sample-pass.ts";
import type { Templates } from "../templates/templates.ts";
import { attempt, type Check, good, problem, warning } from "./check.ts";
import { everyPage } from "./every-page.ts";

export interface TemplateCheckDependencies {
  readonly templates: Templates;
  readonly packages: PassPackages;
  readonly identities: Identities;
}

/** A sample of each template's current version is rendered, signed and linted, as a phone would get it. */
export async function checkTemplates(deps: TemplateCheckDependencies, account: Account, now: number): Promise<Check[]> {
  const { templates, packages, identities } = deps;
  const rows = await everyPage((page) => templates.list(account.id, page));
  if (rows.length === 0) {
    const detail = `Account ${account.id} has none: passhook template init points-card DIR, then passhook template push DIR`;
    return [warning("templates", detail)];
  }
  const all = await identities.all();
  const apples = all.filter((one) => one.accountId === account.id && !one.development);
  const passTypes = new Set(apples.map((one) => one.passTypeIdentifier));
  const checks: Check[] = [];
  for (const { id, name } of rows) {
    const label = `template ${id}`;
    checks.push(
      ...(await attempt(label, async () => {
        const template = await templates.current(account.id, id);
        const pass = await packages.of(samplePass(account, template, now));
        const bytes = await pass.bytes();
        // The public address and expiry have checks of their own.
        const { findings } = await lintPackage(bytes, { now, production: false });
        const [first] = findings.filter(({ id, severity }) => severity === "error" && id !== "APL008");
        if (first) {
          return problem(
            label,
            `${name}: a phone would refuse its passes: ${first.path} ${first.message} (${first.id}).`,
          );
        }
        const signedAs = String(pass.passJson()["passTypeIdentifier"]);
        if (template.definition.passTypeIdentifier === undefined && passTypes.size > 1) {
          return warning(
            label,
            `${name} names no passTypeIdentifier, and the account has certificates of ${passTypes.size} pass types (${[...passTypes].join(", ")}): its passes follow the one that lives longest, now ${signedAs}. Name one in template.json.`,
          );
        }
        return good(label, `${name} is signed as ${signedAs} (${Math.ceil(bytes.length / 1024)} KB)`);
      })),
    );
  }
  return checks;
}
