/** @jsxImportSource preact */
import { serialOfEvent } from "../../../webhooks/cloud-event.ts";
import type { WebhookResult } from "../../../webhooks/webhook.ts";
import { Badge } from "../components/badge.tsx";
import { PassLink } from "../components/pass-link.tsx";
import { Table } from "../components/table.tsx";
import { Time } from "../components/time.tsx";
import type { Visit } from "../visit.ts";
import { answerWords, shortEventWords } from "./webhook-words.ts";

/** What came of each delivery, the newest first. */
export function WebhookResults({ results, visit }: { results: readonly WebhookResult[]; visit: Visit }) {
  return (
    <Table
      label="Deliveries"
      rows={results}
      columns={[
        { title: "Event", cell: ({ eventType }) => shortEventWords(eventType) },
        { title: "Pass", cell: ({ eventId }) => <PassOf eventId={eventId} visit={visit} /> },
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
        { title: "When", end: true, cell: ({ at }) => <Time at={at} now={visit.now} /> },
      ]}
    />
  );
}

function PassOf({ eventId, visit }: { eventId: string; visit: Visit }) {
  const serial = serialOfEvent(eventId);
  return serial === undefined ? <span class="faint">–</span> : <PassLink serial={serial} visit={visit} />;
}

function Body({ text }: { text: string }) {
  return (
    <details class="more">
      <summary>What it said</summary>
      <pre class="said">{text}</pre>
    </details>
  );
}
