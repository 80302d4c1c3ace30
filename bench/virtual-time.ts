import type { App } from "../src/app.ts";
import type { FakeClock } from "../test/support/clock.ts";

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
  globalThis.fetch = Object.assign((...given: Parameters<typeof fetch>) => counted(() => fetch(...given)), fetch);
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

/** Lets time go on from one due moment to the next, each as soon as everything before is done, until `until` says so. */
export async function runTime(clock: FakeClock, bustle: Bustle, until: () => boolean): Promise<void> {
  await bustle.quiet();
  while (!until()) {
    clock.advance(STEP_MS);
    await bustle.quiet();
  }
}

/** The grain of time: finer than the spacing of single requests. */
const STEP_MS = 20;
