import { expect, test } from "bun:test";
import { createPackageCache } from "./package-cache.ts";

/** Builds that end when the test says so. */
function workshop() {
  const started: string[] = [];
  const ends = new Map<string, PromiseWithResolvers<Buffer<ArrayBuffer>>>();
  const build = (name: string) => () => {
    started.push(name);
    const end = Promise.withResolvers<Buffer<ArrayBuffer>>();
    ends.set(name, end);
    return end.promise;
  };
  const finish = (name: string, bytes = 10) => ends.get(name)?.resolve(Buffer.alloc(bytes));
  return { started, build, finish, fail: (name: string) => ends.get(name)?.reject(new Error(name)) };
}

test("many who ask at once get one build, and those after them the same bytes", async () => {
  const { started, build, finish } = workshop();
  const cache = createPackageCache(100, 4);
  const first = cache.get("a", build("a"));
  const second = cache.get("a", build("again"));
  finish("a");
  expect(await first).toBe(await second);
  expect(await cache.get("a", build("late"))).toBe(await first);
  expect(started).toEqual(["a"]);
});

test("the least recently used go first when the space is used up", async () => {
  const { started, build, finish } = workshop();
  const cache = createPackageCache(25, 4);
  for (const name of ["a", "b", "a", "c"]) {
    const asked = cache.get(name, build(name));
    finish(name);
    await asked;
  }
  const again = cache.get("b", build("b again"));
  await cache.get("a", build("a again"));
  finish("b again");
  await again;
  expect(started).toEqual(["a", "b", "c", "b again"]);
});

test("no more than so many are built at once, in the order in which they were asked for", async () => {
  const { started, build, finish } = workshop();
  const cache = createPackageCache(100, 2);
  const all = ["a", "b", "c", "d"].map((name) => cache.get(name, build(name)));
  expect(started).toEqual(["a", "b"]);
  finish("b");
  await all[1];
  expect(started).toEqual(["a", "b", "c"]);
  finish("a");
  await all[0];
  finish("c");
  finish("d");
  await Promise.all(all);
  expect(started).toEqual(["a", "b", "c", "d"]);
});

test("a build that fails is not kept, and gives its place back", async () => {
  const { started, build, finish, fail } = workshop();
  const cache = createPackageCache(100, 1);
  const failed = cache.get("a", build("a"));
  const next = cache.get("b", build("b"));
  fail("a");
  expect(failed).rejects.toThrow("a");
  await failed.catch(() => {});
  finish("b");
  await next;
  const again = cache.get("a", build("a again"));
  finish("a again");
  await again;
  expect(started).toEqual(["a", "b", "a again"]);
});
