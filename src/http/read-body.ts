import { AppError } from "../errors.ts";

/** `/v1` takes JSON of at most this many bytes; images come by upload only. */
export const MAX_JSON_BYTES = 64 * 1024;

/**
 * The text of a request's body. Throws `too_large` past `maxBytes`, reading no further, and `invalid` when it is not
 * UTF-8. `onStart` is given the beginning of what was read, also of a body that is refused.
 */
export async function readText(request: Request, maxBytes: number, onStart: (text: string) => void): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of request.body ?? []) {
    chunks.push(chunk);
    size += chunk.length;
    if (size > maxBytes) break;
  }
  const bytes = Buffer.concat(chunks);
  onStart(bytes.toString("utf8", 0, maxBytes));
  if (size > maxBytes) throw new AppError("too_large", `The body is larger than ${maxBytes / 1024} KB.`);
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw new AppError("invalid", "The body is not UTF-8 text.");
  }
}
