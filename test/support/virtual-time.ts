import type { App } from "../../src/app.ts";
import type { FakeClock } from "./clock.ts";

/** Turns of the event loop without anything under way, after which nothing more happens by itself. */
const QUIET_TURNS = 4;

/** Counts what is under way in this process, so that time may stand still until it is done. */
export interface Bustle extends Disposable {
  /** Resolves when no request and no transaction is under way. */
  quiet(): Promise<void>;
}

/** Watches the requests that go out and the transactions of an app. */
export function watchBustle(app: App): Bustle {
  let underWay = 0;
  const counted = async <T>(work: () => Promise<T>): Promise<T> => {
    underWay++;
    try {
      return await work();
    } finally {
      underWay--;
    }
  };
  const { fetch } = globalThis;
  const watched = async (...given: Parameters<typeof fetch>): Promise<Response> => {
    const response = await counted(() => fetch(...given));
    const text = response.text.bind(response);
    // An answer may be a long time coming after its headers.
    return Object.assign(response, { text: () => counted(text) });
  };
  globalThis.fetch = Object.assign(watched, fetch);
  const transaction = app.db.transaction.bind(app.db);
  Object.assign(app.db, {
    transaction: (work: Parameters<typeof transaction>[0]) => counted(() => transaction(work)),
  });
  return {
    async quiet() {
      for (let turns = 0; turns < QUIET_TURNS; turns = underWay > 0 ? 0 : turns + 1) {
        await new Promise<void>((resolve) => setImmediate(resolve));
      }
    },
    [Symbol.dispose]() {
      globalThis.fetch = fetch;
    },
  };
}

/** The grain of time where nothing else is said: finer than the spacing of single requests to Klaviyo. */
const STEP_MS = 20;

/** Lets time go on step by step, each as soon as everything that the one before set off is done, until `until` says so. */
export async function runTime(clock: FakeClock, bustle: Bustle, until: () => boolean, stepMs = STEP_MS): Promise<void> {
  await bustle.quiet();
  while (!until()) {
    clock.advance(stepMs);
    await bustle.quiet();
  }
}

/** The same until `work` is done. */
export async function duringTime<T>(clock: FakeClock, bustle: Bustle, work: () => Promise<T>): Promise<T> {
  let isDone = false;
  const result = work().finally(() => {
    isDone = true;
  });
  await Promise.all([result.catch(() => {}), runTime(clock, bustle, () => isDone)]);
  return result;
}
