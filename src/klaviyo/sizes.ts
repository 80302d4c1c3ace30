/** Klaviyo refuses an event with a longer text (100 KB; its Events API overview). */
export const MAX_EVENT_TEXT_BYTES = 100_000;
/** Of the object that Klaviyo makes of a record (its help on custom objects); the request itself may be far larger. */
export const MAX_RECORD_PROPERTY_BYTES = 2_000;
export const MAX_RECORD_BYTES = 8_000;

/** A text of at most so many bytes in UTF-8, ending in an ellipsis where it was cut; never half a character. */
export function cutText(text: string, maxBytes: number): string {
  if (Buffer.byteLength(text) <= maxBytes) return text;
  const room = maxBytes - Buffer.byteLength("…");
  let end = 0;
  let used = 0;
  for (const character of text) {
    const size = Buffer.byteLength(character);
    if (used + size > room) break;
    used += size;
    end += character.length;
  }
  return `${text.slice(0, end)}…`;
}
