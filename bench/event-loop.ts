import { buildPackage, prepareFiles } from "../src/apple/package.ts";
import { createPackageCache } from "../src/apple/package-cache.ts";
import { createSigner } from "../src/apple/signer.ts";
import type { Bench, Figure } from "./figure.ts";
import { perSecond } from "./measure.ts";
import { loadSampleCard } from "./sample-card.ts";

const ROUNDS = 5;
const SLOT_MS = 1_500;
/** Fetches that come in at once; the server lets as many through as keep the cores busy. */
const IN_FLIGHT = 64;
const MAX_BUILDING = Math.max(2, navigator.hardwareConcurrency);

/** How long nothing else runs while passes are built and signed as fast as they can be. */
export const eventLoopBench: Bench = {
  name: "event-loop",
  title: `the event loop while ${IN_FLIGHT} passes are being built and signed at once`,
  async run(): Promise<Figure[]> {
    const { images, material, passJson } = await loadSampleCard();
    const files = prepareFiles(images);
    const signer = await createSigner(material);
    let n = 0;
    const cache = createPackageCache(0, MAX_BUILDING);
    const build = () => {
      const serial = n++;
      return cache.get(String(serial), () => buildPackage(passJson(serial), files, signer, Date.now()));
    };
    await perSecond(500, IN_FLIGHT, build);

    const idle: Turns[] = [];
    const busy: Turns[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      Bun.gc(true);
      idle.push(await turnsWhile(() => Bun.sleep(SLOT_MS)));
      busy.push(await turnsWhile(() => perSecond(SLOT_MS, IN_FLIGHT, build)));
    }
    const longest = (turns: readonly Turns[]) => turns.map(({ longestMs }) => longestMs);
    return [
      { name: "longest turn of an idle loop (this machine's own noise)", unit: "ms", rounds: longest(idle) },
      { name: "longest turn while signing", unit: "ms", rounds: longest(busy) },
      {
        name: "turns of more than 5 ms while signing",
        unit: "per s",
        rounds: busy.map(({ longPerSecond }) => longPerSecond),
      },
    ];
  },
};

interface Turns {
  readonly longestMs: number;
  /** Turns of more than five milliseconds. */
  readonly longPerSecond: number;
}

/** Looks at every turn of the event loop while `work` goes on. It keeps two numbers only, so as to leave no garbage. */
async function turnsWhile(work: () => Promise<unknown>): Promise<Turns> {
  let longestMs = 0;
  let long = 0;
  let running = true;
  const startedAt = performance.now();
  let last = startedAt;
  const look = () => {
    const now = performance.now();
    const turn = now - last;
    if (turn > longestMs) longestMs = turn;
    if (turn > 5) long++;
    last = now;
    if (running) setImmediate(look);
  };
  setImmediate(look);
  await work();
  running = false;
  return { longestMs, longPerSecond: (long * 1_000) / (last - startedAt) };
}
