import type { Connections } from "../klaviyo/connections.ts";
import { type Check, good, problem, warning } from "./check.ts";

/** How an account's connection stood when it was last used; Klaviyo is not asked. */
export async function checkKlaviyo(connections: Connections, accountId: string): Promise<Check> {
  const name = "Klaviyo";
  const { mode, organizationName, lanes } = await connections.status(accountId);
  if (mode === "sandbox") {
    const detail = `Account ${accountId} is a sandbox: write-backs are recorded, not sent. Connect it with: passhook klaviyo connect --key-file FILE`;
    return warning(name, detail);
  }
  if (mode === "disconnected") {
    const detail = `Account ${accountId} is disconnected: write-backs wait. Go on with: passhook klaviyo connect --key-file FILE`;
    return problem(name, detail);
  }
  const alarms = new Set(lanes.flatMap(({ alarm }) => (alarm === null ? [] : [alarm])));
  if (alarms.size > 0) {
    return problem(name, [...alarms].join(" "));
  }
  return good(name, `connected to ${organizationName ?? "an account whose name the key may not read"}`);
}
