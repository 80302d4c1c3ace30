import type { Config } from "../config.ts";
import { isPrivateHost } from "../private-host.ts";
import { type Check, good, problem } from "./check.ts";

const NAME = "public URL";

/** Phones fetch and update passes at the public URL, over https only (Apple: "Pass", webServiceURL). */
export function checkSettings({ publicUrl }: Pick<Config, "publicUrl">): Check[] {
  const { protocol, hostname } = new URL(publicUrl);
  const example =
    "set PASSHOOK_PUBLIC_URL to the address that your reverse proxy serves, such as https://passes.example.com";
  if (isPrivateHost(hostname)) return [problem(NAME, `${publicUrl} cannot be reached by phones; ${example}.`)];
  if (protocol !== "https:")
    return [problem(NAME, `${publicUrl} is not https, so no pass is ever updated; ${example}.`)];
  return [good(NAME, publicUrl)];
}
