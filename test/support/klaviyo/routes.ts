import type { Operation } from "./operation.ts";
import { createEvent } from "./operations/create-event.ts";
import { createOrUpdateProfile } from "./operations/create-or-update-profile.ts";
import { getAccounts } from "./operations/get-accounts.ts";
import { getProfile } from "./operations/get-profile.ts";
import { getProfiles } from "./operations/get-profiles.ts";
import { updateProfile } from "./operations/update-profile.ts";

/** The operations the fake answers; anything else is a 404. */
const OPERATIONS: readonly Operation[] = [
  getAccounts,
  createOrUpdateProfile,
  updateProfile,
  getProfiles,
  getProfile,
  createEvent,
];

export interface Route {
  readonly operation: Operation;
  readonly params: Readonly<Record<string, string>>;
}

/** Percent-encoding that cannot be decoded names nothing. */
function decoded(part: string): string | undefined {
  try {
    return part === "" ? undefined : decodeURIComponent(part);
  } catch {
    return undefined;
  }
}

export function findRoute(method: string, path: string): Route | undefined {
  for (const operation of OPERATIONS) {
    if (operation.method !== method) continue;
    const params = matchPath(operation.path, path);
    if (params !== undefined) return { operation, params };
  }
  return undefined;
}

function matchPath(pattern: string, path: string): Record<string, string> | undefined {
  const expected = pattern.split("/");
  const actual = path.split("/");
  if (expected.length !== actual.length) return undefined;
  const params: Record<string, string> = {};
  for (const [index, part] of expected.entries()) {
    const value = actual[index] ?? "";
    if (part.startsWith("{") && part.endsWith("}")) {
      const param = decoded(value);
      if (param === undefined) return undefined;
      params[part.slice(1, -1)] = param;
    } else if (part !== value) {
      return undefined;
    }
  }
  return params;
}
