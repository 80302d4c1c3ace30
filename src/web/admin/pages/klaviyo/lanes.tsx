/** @jsxImportSource preact */
import type { StoredStatus } from "../../../../klaviyo/status.ts";
import { Badge } from "../../components/badge.tsx";
import { Card } from "../../components/card.tsx";
import { EmptyState } from "../../components/empty-state.tsx";
import { Table } from "../../components/table.tsx";
import { Time } from "../../components/time.tsx";
import type { Visit } from "../../visit.ts";
import { GoesOn } from "./goes-on.tsx";
import { waitingJobs } from "./health.ts";
import { WhatToDo } from "./what-to-do.tsx";
import { byKind, kindWords } from "./words.ts";

type Lane = StoredStatus["lanes"][number];

/** What is told to Klaviyo, each kind with how it goes, what waits and what went wrong last. */
export function Lanes({ status, visit }: { status: StoredStatus; visit: Visit }) {
  const { lanes, backlog, oldestWaitingSince } = status;
  if (lanes.length === 0) {
    return (
      <Card title="What Klaviyo is told">
        <EmptyState icon="outbox" title="Nothing yet">
          <p>The first pass writes a profile and starts an event.</p>
        </EmptyState>
      </Card>
    );
  }
  const waiting = (kind: string) =>
    backlog.filter((entry) => entry.kind === kind && entry.state !== "dead").reduce((sum, { jobs }) => sum + jobs, 0);
  return (
    <Card
      title="What Klaviyo is told"
      flush
      aside={
        oldestWaitingSince !== null &&
        waitingJobs(status) > 0 && (
          <span class="faint">
            the oldest that waits came <Time at={Date.parse(oldestWaitingSince)} now={visit.now} />
          </span>
        )
      }
    >
      <Table
        label="What Klaviyo is told"
        rows={lanes.toSorted((a, b) => byKind(a.kind, b.kind))}
        columns={[
          { title: "What", cell: ({ kind }) => <span class="kind">{kindWords(kind)}</span> },
          { title: "Waits", end: true, cell: ({ kind }) => waiting(kind).toLocaleString("en") },
          {
            title: status.mode === "sandbox" ? "Last recorded" : "Last told",
            cell: ({ lastSuccessAt }) =>
              lastSuccessAt === null ? "never" : <Time at={Date.parse(lastSuccessAt)} now={visit.now} />,
          },
          {
            title: "How it goes",
            cell: (lane) => (
              <div class="lane">
                <LaneState lane={lane} visit={visit} mode={status.mode} />
                <LastError lane={lane} visit={visit} connectedAt={status.connectedAt} />
              </div>
            ),
          },
        ]}
      />
    </Card>
  );
}

function LaneState({ lane, visit, mode }: { lane: Lane; visit: Visit; mode: StoredStatus["mode"] }) {
  const { alarm, closedUntil } = lane;
  if (mode === "disconnected") return <Badge tone="warning">Waits for a key</Badge>;
  if (alarm !== null) {
    return (
      <span>
        <Badge tone="bad">Stopped</Badge>
        {closedUntil !== null && (
          <small>
            <GoesOn words="tried again" at={Date.parse(closedUntil)} now={visit.now} />
          </small>
        )}
      </span>
    );
  }
  if (closedUntil !== null) {
    return (
      <span>
        <Badge tone="warning">Pauses</Badge>
        <small>
          <GoesOn at={Date.parse(closedUntil)} now={visit.now} />
        </small>
      </span>
    );
  }
  return <Badge tone="good">{mode === "sandbox" ? "Recorded" : "Open"}</Badge>;
}

/** What went wrong since the last success, or since a new key: what was before is over. */
function LastError({ lane, visit, connectedAt }: { lane: Lane; visit: Visit; connectedAt: string }) {
  const { lastError, lastErrorAt, lastSuccessAt } = lane;
  if (lastError === null || lastErrorAt === null) return null;
  if (Date.parse(lastErrorAt) < Math.max(Date.parse(lastSuccessAt ?? connectedAt), Date.parse(connectedAt)))
    return null;
  return (
    <span class="reason">
      <WhatToDo reason={lastError} visit={visit} />
    </span>
  );
}
