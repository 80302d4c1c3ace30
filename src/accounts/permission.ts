/** What a call does, and so what its key must be allowed: look, issue and change passes, or run the account. */
export type Permission = "read" | "issue" | "manage";

export const KEY_SCOPES = ["all", "issue", "read"] as const;
export type KeyScope = (typeof KEY_SCOPES)[number];

/** Whoever issues also looks: PassNinja's clients ask for the required fields before they issue. */
const PERMISSIONS: Record<KeyScope, readonly Permission[]> = {
  all: ["read", "issue", "manage"],
  issue: ["read", "issue"],
  read: ["read"],
};

export const allows = (scope: KeyScope, permission: Permission): boolean => PERMISSIONS[scope].includes(permission);
