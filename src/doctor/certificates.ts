import type { ExpiryWarning, ExpiryWatch } from "../apple/expiry.ts";
import type { Identities } from "../apple/identities.ts";
import type { SigningIdentity } from "../apple/identity-store.ts";
import { attempt, type Check, good, problem, warning } from "./check.ts";

/** The certificates that sign now: chain, dates, key, a sample signature. Those that were replaced are not looked at. */
export async function checkCertificates(identities: Identities, expiry: ExpiryWatch): Promise<Check[]> {
  const [all, signing, expiring] = await Promise.all([identities.all(), expiry.signing(), expiry.warnings()]);
  const checks: Check[] = [];
  for (const identity of signing) {
    const name = `certificate ${identity.passTypeIdentifier}`;
    checks.push(...(await attempt(name, () => checkIdentity(name, identities, identity, expiring))));
  }
  // An account without one of Apple's signs with its development certificate.
  const withApple = new Set(all.filter((one) => !one.development).map((one) => one.accountId));
  const without = [...new Set(all.map((one) => one.accountId))].filter((id) => !withApple.has(id));
  for (const accountId of without) {
    const detail = `Account ${accountId} has a development certificate only, and no iPhone accepts what that signs: passhook certificate request`;
    checks.push(warning("certificate", detail));
  }
  return checks;
}

async function checkIdentity(
  name: string,
  identities: Identities,
  identity: SigningIdentity,
  expiring: readonly ExpiryWarning[],
): Promise<Check> {
  const problems = await identities.examine(identity);
  const [soonest] = expiring.filter(({ identityId }) => identityId === identity.id);
  if (soonest?.daysBefore === 0) return problem(name, soonest.text);
  if (problems.length > 0) return problem(name, problems.map(({ path, message }) => `${path} ${message}`).join(" "));
  if (soonest) return warning(name, soonest.text);
  const until = new Date(identity.expiresAt).toISOString().slice(0, 10);
  return good(name, `signs, valid until ${until} (${identity.id})`);
}
