import type { Vault } from "../../secrets.ts";

/** What an action has to say on the next page, once. */
export interface Flash {
  readonly notice?: string | undefined;
  /** Shown to nobody again, such as a new key. */
  readonly once?: Readonly<Record<string, string>> | undefined;
}

/** The text of the flash cookie: encrypted, for it may hold a new key, and for that admin only. */
export const sealFlash = (vault: Vault, adminId: string, flash: Flash): string =>
  vault.encrypt(JSON.stringify(flash), contextOf(adminId));

export function openFlash(vault: Vault, adminId: string, sealed: string | undefined): Flash | undefined {
  const text = sealed === undefined ? undefined : vault.tryDecrypt(sealed, contextOf(adminId));
  // Nobody else could have encrypted it.
  return text === undefined ? undefined : (JSON.parse(text) as Flash);
}

const contextOf = (adminId: string): string => `flash of ${adminId}`;
