/** The scopes a private key can have, as far as the operations of the fake need one. */
export const SCOPES = [
  "accounts:read",
  "profiles:read",
  "profiles:write",
  "events:read",
  "events:write",
  "metrics:read",
  "lists:read",
  "lists:write",
  "custom-objects:read",
  "custom-objects:write",
  "data-privacy:write",
] as const;
export type Scope = (typeof SCOPES)[number];
