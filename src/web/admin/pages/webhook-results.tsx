/** @jsxImportSource preact */
import type { WebhookResult } from "../../../webhooks/webhook.ts";
import { Badge } from "../components/badge.tsx";
import { Table } from "../components/table.tsx";
import { Time } from "../components/time.tsx";
import { answerWords, shortEventWords } from "./webhook-words.ts";

/** What came of each delivery, the newest first. */
export function WebhookResults({ results, now }: { results: readonly WebhookResult[]; now: number }) {
  return (
    <Table
      label="Deliveries"
      rows={results}
      columns={[
        { title: "Event", cell: ({ eventType }) => shortEventWords(eventType) },
        {
          title: "Answer",
          cell: (result) => (
            <div>
              <Badge tone={result.success ? "good" : "bad"}>{result.responseStatus ?? "None"}</Badge>
              {result.responseStatus === null && <span class="reason">{answerWords(result)}</span>}
              {result.responseBody && <Body text={result.responseBody} />}
            </div>
          ),
        },
        { title: "Try", cell: ({ attempt }) => attempt },
        { title: "When", end: true, cell: ({ at }) => <Time at={at} now={now} /> },
      ]}
    />
  );
}

function Body({ text }: { text: string }) {
  return (
    <details class="more">
      <summary>What it said</summary>
      <pre class="said">{text}</pre>
    </details>
  );
}
