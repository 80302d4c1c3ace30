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
  voided: pass.voided || pass.state === "deleted",
});
