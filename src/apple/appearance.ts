import { createHash } from "node:crypto";
import type { WholePass } from "../passes/whole-pass.ts";
import { contentOf } from "./content.ts";
import type { PassFiles } from "./pass-files.ts";
import { type PassIssuer, renderPassJson } from "./pass-json.ts";

/** The signer's part does not show on a pass and may change without a word to phones. */
const NO_ISSUER: Omit<PassIssuer, "organizationName"> = {
  passTypeIdentifier: "",
  teamIdentifier: "",
  webServiceURL: "",
  authenticationToken: "",
};

/** What a pass looks like, hashed, so that phones are told of a change only when there is one to see. */
export function createAppearance({
  publicUrl,
  files,
}: {
  publicUrl: string;
  files: PassFiles;
}): (whole: WholePass) => string {
  return (whole) => {
    const issuer = { ...NO_ISSUER, organizationName: whole.account.name };
    const passJson = renderPassJson(whole.template.definition, contentOf(whole, publicUrl), issuer);
    return createHash("sha256")
      .update(files.of(whole).manifestLines)
      .update(JSON.stringify(passJson))
      .digest("base64url")
      .slice(0, 22);
  };
}
