/** @jsxImportSource preact */
import type { ComponentChildren } from "preact";

export interface CodeProps {
  /** What is above it. */
  readonly title: ComponentChildren;
  /** As it is copied. */
  readonly code: string;
  /** As it is shown, where that is with colours. */
  readonly children?: ComponentChildren;
}

/** Text to take along exactly. With script there is a button that copies it (`copy.js`). */
export function Code({ title, code, children }: CodeProps) {
  return (
    <figure class="code">
      <figcaption>
        <span>{title}</span>
        <button type="button" data-copy={code} hidden>
          Copy
        </button>
      </figcaption>
      <pre tabindex={0}>
        <code>{children ?? code}</code>
      </pre>
    </figure>
  );
}

export const jsonText = (value: unknown): string => JSON.stringify(value, null, 2);

/** JSON with names, texts and other values told apart. */
export function Json({ text }: { readonly text: string }) {
  const parts = text.split(/("(?:[^"\\]|\\.)*"(?:\s*:)?|\b(?:true|false|null)\b|(?<=[\s:[,])-?\d+(?:\.\d+)?)/);
  return <>{parts.map((part, i) => (i % 2 === 0 ? part : <span class={kindOf(part)}>{part}</span>))}</>;
}

function kindOf(part: string): string {
  if (part.endsWith(":")) return "json-name";
  return part.startsWith('"') ? "json-text" : "json-value";
}
