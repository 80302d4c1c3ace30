import { isObject, type Json } from "../templates/placeholders.ts";
import { type KlaviyoClient, klaviyoErrorText } from "./client.ts";

export interface ValidKey {
  readonly state: "valid";
  /** Without the scope accounts:read, which write-backs do not need, the key does not tell whose it is. */
  readonly canReadAccount: boolean;
  readonly klaviyoAccountId: string | null;
  readonly organizationName: string | null;
}

/** What Klaviyo says of a private key. */
export type KeyCheck =
  | ValidKey
  | { readonly state: "refused"; readonly reason: string }
  /** Klaviyo could not be asked, or did not answer the question. */
  | { readonly state: "unknown"; readonly reason: string };

/** Asks `GET /api/accounts` once; Klaviyo allows that once per second and fifteen times per minute. */
export async function checkKey(client: KlaviyoClient, apiKey: string): Promise<KeyCheck> {
  const answer = await client(apiKey, { method: "GET", path: "/api/accounts" });
  if (answer.type === "unreachable") return { state: "unknown", reason: answer.reason };
  switch (answer.status) {
    case 200: {
      const accounts = isObject(answer.body) ? answer.body["data"] : undefined;
      const first = Array.isArray(accounts) ? accounts.find(isObject) : undefined;
      const attributes = isObject(first?.["attributes"]) ? first["attributes"] : {};
      const contact = isObject(attributes["contact_information"]) ? attributes["contact_information"] : {};
      return {
        state: "valid",
        canReadAccount: true,
        klaviyoAccountId: text(first?.["id"]),
        organizationName: text(contact["organization_name"]),
      };
    }
    case 403:
      return { state: "valid", canReadAccount: false, klaviyoAccountId: null, organizationName: null };
    case 401:
      return { state: "refused", reason: klaviyoErrorText(answer) };
    default:
      return { state: "unknown", reason: klaviyoErrorText(answer) };
  }
}

const text = (value: Json | undefined): string | null => (typeof value === "string" ? value : null);
