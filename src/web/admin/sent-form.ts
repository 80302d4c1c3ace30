import { AppError } from "../../errors.ts";

/** What a browser sent with a form. */
export interface SentForm {
  /** The trimmed text of a field; empty where there is none. */
  text(name: string): string;
  /** The text as it was typed, for passwords and the like. */
  raw(name: string): string;
  /** The same, where something must be given. Throws `invalid` at the field's name. */
  required(name: string): string;
  has(name: string): boolean;
  /** A file that was chosen. */
  file(name: string): File | undefined;
  /** Names of all fields that hold text. */
  readonly names: readonly string[];
}

/** Reads a form of at most `maxBytes`. Throws `too_large`, and `invalid` for what is no form. */
export async function readForm(request: Request, maxBytes: number): Promise<SentForm> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of request.body ?? []) {
    size += chunk.length;
    if (size > maxBytes) throw new AppError("too_large", `This is larger than ${sizeInWords(maxBytes)}.`);
    chunks.push(chunk);
  }
  const headers = { "content-type": request.headers.get("content-type") ?? "" };
  try {
    const whole = new Response(Buffer.concat(chunks), { headers });
    return sentForm(size === 0 ? new FormData() : await whole.formData());
  } catch {
    throw new AppError("invalid", "What was sent is not a form.");
  }
}

const KB = 1024;
const sizeInWords = (bytes: number): string =>
  bytes < KB * KB ? `${Math.floor(bytes / KB)} KB` : `${Math.floor(bytes / KB / KB)} MB`;

function sentForm(data: FormData): SentForm {
  const raw = (name: string): string => {
    const value = data.get(name);
    return typeof value === "string" ? value : "";
  };
  const text = (name: string): string => raw(name).trim();
  return {
    raw,
    text,
    required(name) {
      if (text(name) !== "") return text(name);
      throw new AppError("invalid", "Something is missing.", {
        details: [{ path: name, message: "must be filled in" }],
      });
    },
    has: (name) => data.has(name),
    file(name) {
      const value = data.get(name);
      if (typeof value === "string" || value === null) return undefined;
      // What browsers send where none was chosen; one that is empty has a name.
      return value.size === 0 && !value.name ? undefined : value;
    },
    names: [...new Set(data.keys())].filter((name) => typeof data.get(name) === "string"),
  };
}
