import { AppError } from "../../errors.ts";

/** Read at once: more would hold up the event loop for longer than a request may notice. */
const PIECE_BYTES = 16 * 1024;

/** The bytes, and `too_large` as soon as there are more than `maxBytes`. */
export async function* atMost(bytes: AsyncIterable<Uint8Array>, maxBytes: number): AsyncGenerator<Uint8Array> {
  let size = 0;
  for await (const chunk of bytes) {
    size += chunk.length;
    if (size > maxBytes) {
      throw new AppError("too_large", `The file is larger than ${maxBytes / 1024 / 1024} MB. Send it in parts.`);
    }
    yield chunk;
  }
}

/** UTF-8 as text in small pieces, without a byte order mark. Throws `invalid` for any other encoding. */
export async function* textOf(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder("utf-8", { fatal: true });
  for await (const chunk of bytes) {
    for (let at = 0; at < chunk.length; at += PIECE_BYTES) {
      const text = decode(() => decoder.decode(chunk.subarray(at, at + PIECE_BYTES), { stream: true }));
      if (text !== "") yield text;
    }
  }
  const rest = decode(() => decoder.decode());
  if (rest !== "") yield rest;
}

function decode(read: () => string): string {
  try {
    return read();
  } catch {
    throw new AppError("invalid", 'The file is not UTF-8 text. In Excel, save it as "CSV UTF-8".');
  }
}
