/** @jsxImportSource preact */
import type { ComponentChildren } from "preact";

export interface Figure {
  readonly name: string;
  readonly value: string;
  readonly note?: ComponentChildren;
}

/** Numbers to be seen at a glance, side by side where there is room. */
export function Figures({ figures }: { figures: readonly Figure[] }) {
  return (
    <dl class="figures">
      {figures.map(({ name, value, note }) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>
            {value}
            {note && <small>{note}</small>}
          </dd>
        </div>
      ))}
    </dl>
  );
}
