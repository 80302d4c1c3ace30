import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes } from "node:crypto";
import { chmodSync, existsSync, linkSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { AppError } from "./errors.ts";

/** Encrypts what must be read again (private keys, Klaviyo keys) and derives what need not be stored. */
export interface Vault {
  /** AES-256-GCM; `context` says what it is and whose, and must be the same to decrypt. */
  encrypt(plaintext: string, context: string): string;
  /** Throws `internal` when the text was encrypted with another master key or for another context. */
  decrypt(ciphertext: string, context: string): string;
  /** The same for text that a stranger may have made: nothing when it is not ours. */
  tryDecrypt(ciphertext: string, context: string): string | undefined;
  /** HMAC of a text that is to be recognised and not known: without the key nobody can try addresses. 43 characters. */
  keyedHash(text: string): string;
  /** PassKit's `authenticationToken`: HMAC of the serial number, so no token is ever stored. 43 characters. */
  authenticationToken(serial: string): string;
}

/** A text that `encrypt` made, with what it was made for: enough to see whether it can be read. */
export interface StoredSecret {
  readonly context: string;
  readonly ciphertext: string;
}

const FORMAT = "v1";
const IV_BYTES = 12;
const TAG_BYTES = 16;
/** Said explicitly, because a decipher takes shorter tags otherwise, which are easier to forge. */
const AUTHENTICATED = { authTagLength: TAG_BYTES };

export function createVault(masterKey: Buffer): Vault {
  const derive = (purpose: string) => Buffer.from(hkdfSync("sha256", masterKey, "", `passhook ${purpose}`, 32));
  const encryptionKey = derive("stored secrets");
  const tokenKey = derive("authentication token");
  const hashKey = derive("keyed hash");

  function open(ciphertext: string, context: string): string {
    const [format, encoded] = ciphertext.split(".");
    if (format !== FORMAT) throw new Error(`unknown format ${format}`);
    const sealed = Buffer.from(encoded ?? "", "base64url");
    const decipher = createDecipheriv("aes-256-gcm", encryptionKey, sealed.subarray(0, IV_BYTES), AUTHENTICATED)
      .setAAD(Buffer.from(context))
      .setAuthTag(sealed.subarray(-TAG_BYTES));
    return decipher.update(sealed.subarray(IV_BYTES, -TAG_BYTES), undefined, "utf8") + decipher.final("utf8");
  }

  return {
    encrypt(plaintext, context) {
      const iv = randomBytes(IV_BYTES);
      const cipher = createCipheriv("aes-256-gcm", encryptionKey, iv, AUTHENTICATED).setAAD(Buffer.from(context));
      const sealed = Buffer.concat([iv, cipher.update(plaintext, "utf8"), cipher.final(), cipher.getAuthTag()]);
      return `${FORMAT}.${sealed.toString("base64url")}`;
    },
    decrypt(ciphertext, context) {
      try {
        return open(ciphertext, context);
      } catch (cause) {
        throw new AppError(
          "internal",
          `A stored secret (${context}) cannot be decrypted: the master key is not the one it was stored with. Start with the MASTER_KEY or the secrets folder that belongs to this database.`,
          { cause },
        );
      }
    },
    tryDecrypt(ciphertext, context) {
      try {
        return open(ciphertext, context);
      } catch {
        return undefined;
      }
    },
    keyedHash: (text) => createHmac("sha256", hashKey).update(text).digest("base64url"),
    authenticationToken: (serial) => createHmac("sha256", tokenKey).update(serial).digest("base64url"),
  };
}

export const masterKeyPath = (dataDir: string): string => join(dataDir, "secrets", "master.key");

/** The key given as a setting, else the one in `DATA/secrets/master.key`, which the first start makes (0600). */
export function loadMasterKey(dataDir: string, given: string | undefined): Buffer {
  if (given !== undefined) return parseMasterKey(given, "MASTER_KEY");
  const path = masterKeyPath(dataDir);
  if (!existsSync(path)) {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    makeKeyFile(path);
  }
  if (process.platform !== "win32" && (statSync(path).mode & 0o077) !== 0) chmodSync(path, 0o600);
  return readMasterKeyFile(path);
}

/** The file appears whole or not at all, also in a crash; of two programs started at once only one makes the key. */
function makeKeyFile(path: string): void {
  const whole = `${path}.${process.pid}`;
  writeFileSync(whole, `${randomBytes(32).toString("base64")}\n`, { mode: 0o600, flush: true });
  try {
    linkSync(whole, path);
  } catch (error) {
    if (!existsSync(path)) throw error;
  } finally {
    rmSync(whole);
  }
}

export const readMasterKeyFile = (path: string): Buffer => parseMasterKey(readFileSync(path, "utf8").trim(), path);

/** Throws `invalid`, naming `source`. */
export function parseMasterKey(text: string, source: string): Buffer {
  const key = Buffer.from(text, /^[0-9a-fA-F]{64}$/.test(text) ? "hex" : "base64");
  if (key.length === 32) return key;
  throw new AppError(
    "invalid",
    `${source} must be 32 bytes in base64 or hex (for example from: openssl rand -base64 32).`,
  );
}
