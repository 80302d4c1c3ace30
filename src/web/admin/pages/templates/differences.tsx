/** @jsxImportSource preact */
import type { DifferenceGroup } from "../../../../templates/differences.ts";

/** What differs, group by group, what was above what is. */
export function Differences({ groups }: { groups: readonly DifferenceGroup[] }) {
  if (groups.length === 0) return <p class="faint">Nothing: the two are the same.</p>;
  return (
    <div class="differences">
      {groups.map(({ title, differences }) => (
        <section key={title}>
          <h3>{title}</h3>
          <dl>
            {differences.map(({ what, before, after }) => (
              <div key={what}>
                <dt>{what}</dt>
                {before !== undefined && (
                  <dd>
                    <del>
                      <span class="unseen">Before: </span>
                      {before}
                    </del>
                  </dd>
                )}
                {after !== undefined && (
                  <dd>
                    <ins>
                      <span class="unseen">After: </span>
                      {after}
                    </ins>
                  </dd>
                )}
              </div>
            ))}
          </dl>
        </section>
      ))}
    </div>
  );
}
