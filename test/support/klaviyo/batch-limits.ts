import { invalid } from "./errors.ts";

/** Refuses an empty batch and one of more than `most` items. */
export function checkCount(items: readonly unknown[], most: number, pointer: string): void {
  if (items.length >= 1 && items.length <= most) return;
  throw invalid({ pointer, detail: `The batch must have between 1 and ${most} items.` });
}

/** Refuses a batch with an item of more than `maxBytes`. */
export function checkItemSizes(items: readonly unknown[], maxBytes: number, pointer: string): void {
  const index = items.findIndex((item) => Buffer.byteLength(JSON.stringify(item)) > maxBytes);
  if (index < 0) return;
  throw invalid({ pointer: `${pointer}/${index}`, detail: `The item must not exceed ${maxBytes} bytes.` });
}
