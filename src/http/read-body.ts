import { AppError } from "../errors.ts";

/** `/v1` takes JSON of at most this many bytes; images come by upload only. */
export const MAX_JSON_BYTES = 64 * 1024;

/** A body as far as it was read, also of a request that is refused. */
export interface ArrivedBody {
  readonly text: string;
  /** False where the text is cut off, or stands for bytes that are no text. */
  readonly isWhole: boolean;
}

/**
 * The text of a request's body. Throws `too_large` past `maxBytes`, reading no further, and `invalid` when it is not
 * UTF-8. `onArrival` is given what was read, also of a body that is refused.
 */
export async function readText(
  request: Request,
  maxBytes: number,
  onArrival: (body: ArrivedBody) => void,
): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of request.body ?? []) {
    chunks.push(chunk);
    size += chunk.length;
    if (size > maxBytes) break;
  }
  const bytes = Buffer.concat(chunks);
  const text = decode(bytes);
  const isWhole = size <= maxBytes && text !== undefined;
  onArrival({ text: isWhole ? text : bytes.toString("utf8", 0, maxBytes), isWhole });
  if (size > maxBytes) throw new AppError("too_large", `The body is larger than ${maxBytes / 1024} KB.`);
  if (text === undefined) throw new AppError("invalid", "The body is not UTF-8 text.");
  return text;
}

function decode(bytes: Buffer): string | undefined {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
