/** How often a condition of another process is looked at: it cannot tell this one that it has come true. */
const LOOK_AGAIN_MS = 10;

/** Waits until `check` answers something other than `undefined` or `false`. Throws, naming `what`, when time is up. */
export async function eventually<T>(
  what: string,
  check: () => T | Promise<T>,
  patienceMs = 20_000,
): Promise<Exclude<T, undefined | false>> {
  const patientUntil = performance.now() + patienceMs;
  for (;;) {
    const result = await check();
    if (result !== undefined && result !== false) return result as Exclude<T, undefined | false>;
    if (performance.now() > patientUntil) throw new Error(`It did not happen within ${patienceMs} ms: ${what}.`);
    await Bun.sleep(LOOK_AGAIN_MS);
  }
}
