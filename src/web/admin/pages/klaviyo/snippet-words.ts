import type { SnippetAction } from "../../../../klaviyo/snippet.ts";

/** What a flow does with a pass, on a button and in a sentence. */
export const ACTION_WORDS: Readonly<Record<SnippetAction, { readonly short: string; readonly lead: string }>> = {
  issue: { short: "Issue", lead: "gives everybody who comes by a pass, or brings the one that they have up to date" },
  update: { short: "Update", lead: "changes the newest pass that the person has, such as its points" },
  void: { short: "Void", lead: "marks the newest pass that the person has as no longer good" },
};
