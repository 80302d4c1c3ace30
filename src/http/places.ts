import { AppError } from "../errors.ts";

export type Places = ReturnType<typeof createPlaces>;

/** Bounds how much is done at once: whoever finds no place is asked to come again, which Klaviyo does. */
export function createPlaces(count: number) {
  let taken = 0;

  /** Throws `unavailable` when every place is taken. */
  function assertFree(): void {
    if (taken >= count) throw new AppError("unavailable", "Too many requests at once. Try again shortly.");
  }

  return {
    assertFree,

    /** Does the work in a place of its own. Throws `unavailable` when there is none. */
    async occupy<T>(work: () => Promise<T>): Promise<T> {
      assertFree();
      taken++;
      try {
        return await work();
      } finally {
        taken--;
      }
    },
  };
}
