import { createHash } from "node:crypto";
import { toSeconds } from "../clock.ts";
import type { WholePass } from "../passes/whole-pass.ts";
import type { Vault } from "../secrets.ts";
import type { Json } from "../templates/placeholders.ts";
import { VERSION } from "../version.ts";
import { contentOf } from "./content.ts";
import type { Identities } from "./identities.ts";
import type { SigningIdentity } from "./identity-store.ts";
import { buildPackage } from "./package.ts";
import type { PackageCache } from "./package-cache.ts";
import type { PassFiles } from "./pass-files.ts";
import { type PassIssuer, renderPassJson } from "./pass-json.ts";

/** One version of a package, known before it is built. */
export interface PassPackage {
  /** Strong: the same tag means the same bytes. With quotes, as the header has it. */
  readonly etag: string;
  /** Whole seconds. */
  readonly lastModified: number;
  /** Signed by a certificate that is not Apple's, which no iPhone accepts. */
  readonly development: boolean;
  passJson(): Record<string, Json>;
  bytes(): Promise<Buffer<ArrayBuffer>>;
}

export type PassPackages = ReturnType<typeof createPassPackages>;

/** Packages of passes: signed when they are fetched, once per version. */
export function createPassPackages(deps: {
  identities: Identities;
  vault: Vault;
  cache: PackageCache;
  files: PassFiles;
  publicUrl: string;
}) {
  const { identities, vault, cache, files, publicUrl } = deps;
  const issuerOf = ({ pass, account }: WholePass, identity: SigningIdentity): PassIssuer => ({
    passTypeIdentifier: identity.passTypeIdentifier,
    teamIdentifier: identity.teamIdentifier,
    organizationName: account.name,
    webServiceURL: `${publicUrl}/passkit`,
    authenticationToken: vault.authenticationToken(pass.serial),
  });

  return {
    /** Throws `unavailable` when no certificate can sign it. */
    async of(whole: WholePass): Promise<PassPackage> {
      const { pass, account, recipient, template } = whole;
      const identity = await identities.choose(account.id, template.definition.passTypeIdentifier);
      const lastModified = Math.max(pass.lastModified, toSeconds(template.createdAt), toSeconds(identity.createdAt));
      // Everything that the bytes depend on. The recipient counts, for its name may stand on the pass.
      const content = [
        VERSION,
        publicUrl,
        pass.serial,
        pass.version,
        pass.personalizedAt,
        template.version,
        identity.id,
        identity.createdAt,
        account.name,
        recipient.updatedAt,
      ];
      const key = createHash("sha256").update(JSON.stringify(content)).digest("base64url").slice(0, 27);
      const passJson = () =>
        renderPassJson(template.definition, contentOf(whole, publicUrl), issuerOf(whole, identity));
      // The time of the version, not of the request: a rebuilt package has the same bytes. The certificate was checked
      // when it was imported, so it was valid then.
      const build = async () =>
        buildPackage(passJson(), files.of(whole), await identities.signerOf(identity), lastModified * 1000);
      return {
        etag: `"${key}"`,
        lastModified,
        development: identity.development,
        passJson,
        bytes: () => cache.get(key, build),
      };
    },
  };
}
