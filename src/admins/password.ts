import { randomUUID } from "node:crypto";
import { AppError } from "../errors.ts";

/** What a hash costs: KiB of memory, and passes over it. */
export interface PasswordCost {
  readonly memoryCost: number;
  readonly timeCost: number;
}

/** 64 MB and two passes, above OWASP's minimum ("Password Storage Cheat Sheet"); about 0.1 s. */
const COST: PasswordCost = { memoryCost: 65_536, timeCost: 2 };

const MIN_LENGTH = 12;
/** Longer ones only keep the hash busy. */
const MAX_LENGTH = 256;
/** Of those long enough, what people try first; digits at the end do not make them better. */
const COMMON =
  /^(password|passwort|passw0rd|p@ssw0rd|qwertyuiop|qwertzuiop|letmein|welcome|changeme|admin|administrator|passhook|iloveyou|1q2w3e4r5t6y)+[\d!.?#-]*$/;

/** Throws `invalid`, at the path `password`, for a password that somebody would guess. */
export function assertGoodPassword(password: string, email: string): void {
  const message = faultOf(password.normalize("NFKC"), email.toLowerCase());
  if (message)
    throw new AppError("invalid", "This password cannot be used.", { details: [{ path: "password", message }] });
}

function faultOf(password: string, email: string): string | undefined {
  const length = [...password].length;
  if (length < MIN_LENGTH) return `Use at least ${MIN_LENGTH} characters. A few words in a row are easy to remember.`;
  if (length > MAX_LENGTH) return `Use at most ${MAX_LENGTH} characters.`;
  const lower = password.toLowerCase();
  const [local = email] = email.split("@");
  if (lower === email || (local.length >= 4 && lower.replace(/[\d\W_]+$/, "") === local)) {
    return "Choose something else than the e-mail address.";
  }
  if (COMMON.test(lower) || isRow(lower) || new Set(lower).size < 5) {
    return "This one is among the first that others would try. Choose another.";
  }
  return undefined;
}

/** `123456789012`, `abcdefghijkl` or the like, in either direction; beside 9 stands 0, as on a keyboard. */
function isRow(text: string): boolean {
  const codes = [...text].map((character) => (character === "0" ? ZERO_AFTER_NINE : character.charCodeAt(0)));
  const isNext = (code: number, before: number) => code - before === 1 || (code === ONE && before === ZERO_AFTER_NINE);
  const rises = codes.every((code, i) => i === 0 || isNext(code, codes[i - 1] ?? 0));
  const falls = codes.every((code, i) => i === 0 || isNext(codes[i - 1] ?? 0, code));
  return rises || falls;
}

const ONE = 49;
const ZERO_AFTER_NINE = 58;

export type Passwords = ReturnType<typeof createPasswords>;

/** Argon2id hashes. One is computed at a time: many at once would take 64 MB each. */
export function createPasswords(cost = COST) {
  const hashed = (password: string) =>
    Bun.password.hash(password.normalize("NFKC"), { algorithm: "argon2id", ...cost });
  /** Of a password that nobody has: checking it costs what checking a real one does. */
  let nobodys: Promise<string> | undefined;
  let last: Promise<unknown> = Promise.resolve();
  function inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = last.then(work, work);
    last = turn;
    return turn;
  }

  return {
    hash: (password: string): Promise<string> => inTurn(() => hashed(password)),

    /** Where there is no hash, because there is no such admin, the answer is no after the same time. */
    async matches(password: string, hash: string | undefined): Promise<boolean> {
      nobodys ??= inTurn(() => hashed(randomUUID()));
      const compared = hash ?? (await nobodys);
      const same = await inTurn(() => Bun.password.verify(password.normalize("NFKC"), compared));
      return same && hash !== undefined;
    },
  };
}
