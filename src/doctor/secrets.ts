import { existsSync, statSync } from "node:fs";
import { messageOf } from "../errors.ts";
import { masterKeyPath, parseMasterKey, readMasterKeyFile, type StoredSecret, type Vault } from "../secrets.ts";
import { type Check, good, problem, warning } from "./check.ts";

const NAME = "master key";

/**
 * The key's file; nothing is made or changed here. `ready` where there is a key to open the database with; where there
 * is no database (`isNew`) there need not be one.
 */
export function checkMasterKey(
  dataDir: string,
  given: string | undefined,
  isNew: boolean,
): { readonly check: Check; readonly ready: boolean } {
  const path = masterKeyPath(dataDir);
  try {
    if (given !== undefined) {
      parseMasterKey(given, "MASTER_KEY");
      return { ready: true, check: good(NAME, "given as a setting") };
    }
    if (!existsSync(path)) {
      if (isNew) return { ready: false, check: warning(NAME, "There is none yet; the first start makes it.") };
      const detail = `${path} is missing, and stored secrets cannot be read without it. Restore it from a backup, or give it as MASTER_KEY.`;
      return { ready: false, check: problem(NAME, detail) };
    }
    const mode = statSync(path).mode & 0o777;
    readMasterKeyFile(path);
    if (process.platform === "win32" || (mode & 0o077) === 0) return { ready: true, check: good(NAME, path) };
    const detail = `${path} could be read by other users (0${mode.toString(8)}); each start of Passhook makes it 0600. Find out who opened it, and restore it so.`;
    return { ready: true, check: warning(NAME, detail) };
  } catch (error) {
    return { ready: false, check: problem(NAME, messageOf(error)) };
  }
}

/** Every stored secret can be decrypted with the key that there is. */
export function checkStoredSecrets(vault: Vault, secrets: readonly StoredSecret[]): Check {
  const name = "stored secrets";
  const unreadable = secrets.filter(({ ciphertext, context }) => {
    try {
      vault.decrypt(ciphertext, context);
      return false;
    } catch {
      return true;
    }
  });
  if (unreadable.length === 0) return good(name, `${secrets.length} can be read`);
  const which = unreadable.map(({ context }) => context).join(", ");
  return problem(
    name,
    `${unreadable.length} of ${secrets.length} cannot be read with this master key (${which}). Start with the key that belongs to this database, or import and connect again.`,
  );
}
