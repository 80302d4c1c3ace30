/** @jsxImportSource preact */

export interface FunnelStage {
  readonly name: string;
  readonly count: number;
}

/** How many go on from stage to stage; shares are of the first. */
export function Funnel({ label, stages }: { label: string; stages: readonly FunnelStage[] }) {
  const first = stages[0]?.count ?? 0;
  const most = Math.max(1, ...stages.map(({ count }) => count));
  return (
    <ol class="funnel" aria-label={label}>
      {stages.map(({ name, count }, i) => (
        <li key={name}>
          <span>{name}</span>
          <b>{count.toLocaleString("en")}</b>
          <span class="faint">{i > 0 && first > 0 && `${Math.round((count / first) * 100)} %`}</span>
          <svg viewBox="0 0 100 1" preserveAspectRatio="none" aria-hidden="true">
            <rect class="ground" width="100" height="1" />
            <rect width={Math.round((count / most) * 1000) / 10} height="1" />
          </svg>
        </li>
      ))}
    </ol>
  );
}
