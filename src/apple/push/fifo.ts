export interface Fifo<T> {
  add(item: T): void;
  first(): T | undefined;
  dropFirst(): void;
}

/** First in, first out, in constant time: Array.shift moves everything behind the first. */
export function createFifo<T>(): Fifo<T> {
  let items: T[] = [];
  let head = 0;
  return {
    add: (item) => void items.push(item),
    first: () => items[head],
    dropFirst() {
      head += 1;
      // At most as many are moved as were dropped before.
      if (head * 2 < items.length) return;
      items = items.slice(head);
      head = 0;
    },
  };
}
