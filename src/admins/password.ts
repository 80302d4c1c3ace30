import { AppError } from "../errors.ts";

/** 64 MB and two passes, above OWASP's minimum ("Password Storage Cheat Sheet"); about 0.1 s. */
const ARGON2ID = { algorithm: "argon2id", memoryCost: 65_536, timeCost: 2 } as const;
/** Of no password that anybody has: checking it costs what checking a real one does. */
const NOBODYS =
  "$argon2id$v=19$m=65536,t=2,p=1$BzsHadlzilpzGPlM4iWnwQWiPULX8VgOVk6F3ifSrZs$a3nZyHwbCHlOshs57RljbU7+yPHkQGkGrxVLgFncodw";

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

/** `123456789012`, `abcdefghijkl` or the like, in either direction. */
function isRow(text: string): boolean {
  const codes = [...text].map((character) => character.charCodeAt(0));
  return [1, -1].some((step) =>
    codes.every((code, i) => {
      const before = codes[i - 1];
      // After 9 comes 0, as on a keyboard.
      return before === undefined || code - before === step || (step === 1 && before === 57 && code === 48);
    }),
  );
}

export type Passwords = ReturnType<typeof createPasswords>;

/** Argon2id hashes. One is computed at a time: many at once would take 64 MB each. */
export function createPasswords() {
  let last: Promise<unknown> = Promise.resolve();
  function inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = last.then(work, work);
    last = turn;
    return turn;
  }

  return {
    hash: (password: string): Promise<string> => inTurn(() => Bun.password.hash(password.normalize("NFKC"), ARGON2ID)),

    /** Where there is no hash, because there is no such admin, the answer is no after the same time. */
    async matches(password: string, hash: string | undefined): Promise<boolean> {
      const same = await inTurn(() => Bun.password.verify(password.normalize("NFKC"), hash ?? NOBODYS));
      return same && hash !== undefined;
    },
  };
}
