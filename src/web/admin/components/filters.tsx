/** @jsxImportSource preact */
import type { Visit } from "../visit.ts";

export interface FilterGroup {
  readonly label: string;
  /** In the address. */
  readonly name: string;
  readonly value: string | undefined;
  readonly options: readonly { readonly value: string; readonly label: string; readonly count?: number }[];
}

/** Links that narrow a list, one of each group; those that would leave nothing are left out. */
export function Filters({ visit, path, groups }: { visit: Visit; path: string; groups: readonly FilterGroup[] }) {
  const { after: _, ...present } = Object.fromEntries(visit.query);
  const linkTo = (name: string, value: string | undefined) => visit.to(path, { ...present, [name]: value });
  return (
    <div class="filters">
      {groups.map(({ label, name, value, options }) => (
        <nav key={name} aria-label={label}>
          <b aria-hidden="true">{label}</b>
          <a href={linkTo(name, undefined)} aria-current={value === undefined ? "true" : undefined}>
            All
          </a>
          {options
            .filter((option) => option.count !== 0 || option.value === value)
            .map((option) => (
              <a
                key={option.value}
                href={linkTo(name, option.value)}
                aria-current={option.value === value ? "true" : undefined}
              >
                {option.label}
                {option.count !== undefined && <span> {option.count}</span>}
              </a>
            ))}
        </nav>
      ))}
    </div>
  );
}
