import { messageOf } from "../../errors.ts";
import { parseStrings } from "../strings-file.ts";

export type StringsReading =
  /** `undefined` for a form that is not read here. */
  | { readonly ok: true; readonly strings: ReadonlyMap<string, string> | undefined }
  | { readonly ok: false; readonly message: string };

const MOST_BYTES = 1024 * 1024;

/** Reads `pass.strings` of a package of unknown origin. Never throws. */
export function readPassStrings(bytes: Uint8Array): StringsReading {
  if (bytes.length > MOST_BYTES) return { ok: false, message: "is larger than 1 MB" };
  const head = Buffer.from(bytes.subarray(0, 6)).toString("latin1");
  // Property lists in their other forms are tables too; programs write them, so their syntax needs no check.
  if (head === "bplist" || head.startsWith("<?xml")) return { ok: true, strings: undefined };
  try {
    return { ok: true, strings: parseStrings(bytes) };
  } catch (error) {
    return { ok: false, message: `cannot be read (${messageOf(error)}); every entry is "key" = "text";` };
  }
}
