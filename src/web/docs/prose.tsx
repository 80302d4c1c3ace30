/** @jsxImportSource preact */
import type { ComponentChildren } from "preact";

/** Texts of the document: paragraphs, lists, headings, `code`, **bold** and links of CommonMark. */
export function Prose({ text }: { readonly text: string }) {
  return <>{text.split(/\n{2,}/).map(block)}</>;
}

function block(text: string): ComponentChildren {
  const heading = /^## (.+)$/.exec(text)?.[1];
  if (heading !== undefined) return <h2 id={anchorOf(heading)}>{heading}</h2>;
  const lines = text.split("\n");
  if (!lines.every((line) => line.startsWith("- "))) return <p>{inline(text)}</p>;
  return (
    <ul>
      {lines.map((line) => (
        <li>{inline(line.slice(2))}</li>
      ))}
    </ul>
  );
}

/** What stands within a line. */
export function inline(text: string): ComponentChildren {
  return text.split(/(`[^`]+`|\*\*[^*]+\*\*|\[[^\]]+\]\([^)]+\))/).map((part) => {
    if (part.startsWith("`")) return <code>{part.slice(1, -1)}</code>;
    if (part.startsWith("**")) return <strong>{part.slice(2, -2)}</strong>;
    const [, words, address] = /^\[([^\]]+)\]\((https:[^)]+)\)$/.exec(part) ?? [];
    return address === undefined ? part : <a href={address}>{words}</a>;
  });
}

/** What stands behind the `#` of an address. */
export const anchorOf = (heading: string): string =>
  heading
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-|-$/g, "");

/** Headings of a text, for navigation. */
export const headingsOf = (text: string): string[] =>
  [...text.matchAll(/^## (.+)$/gm)].map(([, heading = ""]) => heading);
