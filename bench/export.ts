import { join } from "node:path";
import { benchFolder } from "./bench-folder.ts";
import type { Bench, Figure } from "./figure.ts";
import { writePasses } from "./many-passes.ts";
import { interleave, ratio } from "./measure.ts";
import { watchMemory } from "./server-memory.ts";
import { type PasshookServer, startPasshook } from "./servers/start-passhook.ts";
import { prepareShop, type Shop } from "./shop.ts";

const FEW = 20_000;
const MANY = 200_000;
const ROUNDS = 3;

/** How quickly everything can be taken out, and that the server keeps no more of it in memory when it is more. */
export const exportBench: Bench = {
  name: "export",
  title:
    `GET /v1/export/passes with ${FEW.toLocaleString("en")} and with ${MANY.toLocaleString("en")} passes, each by a server that was just started. ` +
    "Memory may grow by half between them, since garbage is collected late; the text of the export alone, were it kept, would be more",
  async run(): Promise<Figure[]> {
    using folder = benchFolder();
    const few = await shopWith(join(folder.path, "few"), FEW);
    const many = await shopWith(join(folder.path, "many"), MANY);
    const figures: Figure[] = [];
    for (const format of ["NDJSON", "CSV"]) {
      const memory = { few: [] as number[], many: [] as number[] };
      const turn = (shop: Shop, kept: number[]) => async () => {
        await using server = await startPasshook(shop);
        const startedAt = performance.now();
        const { result: bytes, before, most } = await watchMemory(server.pid, () => exportedBytes(server, format));
        kept.push(most / before);
        return bytes / 1_000 / (performance.now() - startedAt);
      };
      const { many: speed } = await interleave(ROUNDS, { few: turn(few, memory.few), many: turn(many, memory.many) });
      // The first round warmed up.
      const [ofFew, ofMany] = [memory.few.slice(1), memory.many.slice(1)];
      const name = `${format}, highest memory of that before`;
      figures.push(
        { name: format, unit: "MB/s", rounds: speed },
        { name: `${name}, few`, unit: "×", rounds: ofFew },
        { name: `${name}, many`, unit: "×", rounds: ofMany },
        { name: `${name}, ratio`, unit: "×", rounds: ratio(ofMany, ofFew), expected: { most: 1.5 } },
      );
    }
    return figures;
  },
};

async function shopWith(dataDir: string, passes: number): Promise<Shop> {
  const shop = await prepareShop(dataDir);
  writePasses(shop, passes);
  return shop;
}

/** Reads a whole export as it comes, and keeps nothing of it. */
async function exportedBytes({ url, headers }: PasshookServer, format: string): Promise<number> {
  const answer = await fetch(`${url}/v1/export/passes?format=${format.toLowerCase()}`, { headers });
  if (!answer.ok || !answer.body) throw new Error(`${answer.status} ${await answer.text()}`);
  let bytes = 0;
  for await (const chunk of answer.body) bytes += chunk.length;
  return bytes;
}
