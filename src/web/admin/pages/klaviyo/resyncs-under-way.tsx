/** @jsxImportSource preact */
import type { ResyncProgress } from "../../../../klaviyo/status.ts";
import { Card } from "../../components/card.tsx";
import { Progress } from "../../components/progress.tsx";

/** How far passes are that are told again. */
export function ResyncsUnderWay({ resyncs }: { resyncs: readonly ResyncProgress[] }) {
  if (resyncs.length === 0) return null;
  return (
    <Card title="Klaviyo is told again">
      {resyncs.map(({ id, template, since, recordsOnly, done, passes }) => (
        <div key={id} class="under-way">
          <Progress done={done} total={passes} label="Passes queued" />
          <p class="aside">
            {recordsOnly ? "WalletPass records" : "Profiles, events and records"} of{" "}
            {template === null ? "all templates" : <code>{template}</code>}
            {since !== null && `, changed since ${since.slice(0, 10)}`}. New changes go first.
          </p>
        </div>
      ))}
    </Card>
  );
}
