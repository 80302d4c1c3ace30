/** @jsxImportSource preact */
import type { BackField } from "./pass-fields.ts";

/** The back of a pass as Wallet lists it: every field a section, with its links. */
export function PassBack({ fields, language }: { fields: readonly BackField[]; language?: string | undefined }) {
  return (
    <dl class="pass-back" lang={language}>
      {fields.map(({ key, label, parts }) => (
        <div key={key} class="pass-back-field">
          {label && <dt dir="auto">{label}</dt>}
          <dd dir="auto">
            {parts.map(({ text, href }, i) =>
              href === undefined ? (
                text
              ) : (
                <a key={i} href={href} rel="noreferrer noopener">
                  {text}
                </a>
              ),
            )}
          </dd>
        </div>
      ))}
    </dl>
  );
}
