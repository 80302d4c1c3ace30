import { passUrl } from "../passes/pass-url.ts";
import type { WholePass } from "../passes/whole-pass.ts";
import type { PassContent } from "./pass-json.ts";

/** What a pass brings to its template. */
export const contentOf = ({ pass, recipient }: WholePass, publicUrl: string): PassContent => ({
  serial: pass.serial,
  url: passUrl(publicUrl, pass.serial),
  values: pass.values,
  recipientName: recipient.name,
  recipientEmail: recipient.email,
  issuedAt: pass.createdAt,
  // Passes of the generic styles do not expire by themselves; void, they are hidden as well.
  voided: pass.voided || pass.expiredAt !== null || pass.state === "deleted",
  expiredAt: pass.expiredAt,
});
