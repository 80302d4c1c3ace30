import type { BulkJob, BulkMode } from "../../../passes/bulk/bulk.ts";
import type { Tone } from "../components/badge.tsx";

export const MODE_WORDS: Readonly<Record<BulkMode, string>> = { issue: "Issue passes", update: "Change passes" };

/** How far a file is. */
export function fileState({ state, total, done, failed }: BulkJob): { readonly tone: Tone; readonly word: string } {
  switch (state) {
    case "receiving":
    case "running":
      return { tone: "accent", word: `${Math.floor(((done + failed) / Math.max(1, total)) * 100)} %` };
    case "cancelled":
      return { tone: "plain", word: "Cancelled" };
    case "done":
      return failed === 0 ? { tone: "good", word: "Done" } : { tone: "warning", word: "Done in part" };
    default:
      return state satisfies never;
  }
}
