/** Finished packages by key: the least recently used go first when `maxBytes` are held. */
export interface PackageCache {
  /** The package of that key; `build` runs once, however many ask at the same time. A failure is not kept. */
  get(key: string, build: () => Promise<Buffer<ArrayBuffer>>): Promise<Buffer<ArrayBuffer>>;
}

/**
 * `maxBuilding` builds are under way at once, the others wait in line: signatures that come back from the thread pool
 * together are worked off in one turn of the event loop, which others wait for (docs/performance.md).
 */
export function createPackageCache(maxBytes: number, maxBuilding: number): PackageCache {
  const finished = new Map<string, Buffer<ArrayBuffer>>();
  const building = new Map<string, Promise<Buffer<ArrayBuffer>>>();
  const line: (() => void)[] = [];
  let heldBytes = 0;
  let underWay = 0;

  async function inTurn<T>(build: () => Promise<T>): Promise<T> {
    if (underWay >= maxBuilding) await new Promise<void>((resolve) => line.push(resolve));
    else underWay++;
    try {
      return await build();
    } finally {
      // The place goes to the next in line, or is free again.
      const next = line.shift();
      if (next) next();
      else underWay--;
    }
  }

  function keep(key: string, bytes: Buffer<ArrayBuffer>): void {
    if (bytes.length > maxBytes) return;
    finished.set(key, bytes);
    heldBytes += bytes.length;
    for (const [oldest, evicted] of finished) {
      if (heldBytes <= maxBytes) break;
      finished.delete(oldest);
      heldBytes -= evicted.length;
    }
  }

  return {
    get(key, build) {
      const hit = finished.get(key);
      if (hit) {
        // A Map keeps insertion order: moving the entry to the end marks it as recently used.
        finished.delete(key);
        finished.set(key, hit);
        return Promise.resolve(hit);
      }
      const pending = building.get(key);
      if (pending) return pending;
      const started = inTurn(build)
        .then((bytes) => {
          keep(key, bytes);
          return bytes;
        })
        .finally(() => building.delete(key));
      building.set(key, started);
      return started;
    },
  };
}
