/** @jsxImportSource preact */

/** How far something is. */
export function Progress({ done, total, label }: { done: number; total: number; label: string }) {
  return (
    <div class="progress">
      <progress value={done} max={total} aria-label={label} />
      <span>
        {done} of {total}
      </span>
    </div>
  );
}
