/** @jsxImportSource preact */
import { AppError } from "../../../errors.ts";
import { looksLikeSerial } from "../../../ids.ts";
import type { Lane } from "../../../outbox/claims.ts";
import { JOB_STATES, type JobState } from "../../../outbox/job.ts";
import type { JobCount } from "../../../outbox/job-list.ts";
import type { JobRow } from "../../../outbox/outbox-store.ts";
import { definePage } from "../admin-page.ts";
import { Badge } from "../components/badge.tsx";
import { Button } from "../components/button.tsx";
import { Card } from "../components/card.tsx";
import { EmptyState } from "../components/empty-state.tsx";
import { Filters } from "../components/filters.tsx";
import { Form, Hidden } from "../components/form.tsx";
import { Notice } from "../components/notice.tsx";
import { Page } from "../components/page.tsx";
import { Pagination, pageRequest } from "../components/pagination.tsx";
import { PassLink } from "../components/pass-link.tsx";
import { Table } from "../components/table.tsx";
import { Time } from "../components/time.tsx";
import type { PageDependencies } from "../page-dependencies.ts";
import type { Visit } from "../visit.ts";
import { JOB_STATE_TONES, JOB_STATE_WORDS, jobKindWords } from "../words.ts";
import { WhatToDo } from "./klaviyo/what-to-do.tsx";
import { isKlaviyo, jobReasonWords } from "./klaviyo/words.ts";

const PATH = "/outbox";

/** What is still to be done on the outside, and what was given up. */
export const jobsPage = ({ jobs, outbox, clock }: Pick<PageDependencies, "jobs" | "outbox" | "clock">) =>
  definePage({
    path: PATH,
    section: "outbox",
    role: "viewer",
    title: () => "Outbox",

    async load(visit) {
      const accountId = visit.account.id;
      const state = JOB_STATES.find((known) => known === visit.query.get("state"));
      const kind = visit.query.get("kind") ?? undefined;
      const [counts, lanes, page] = await Promise.all([
        jobs.counts(accountId),
        outbox.lanes(accountId),
        jobs.list({ accountId, state, kind }, pageRequest(visit)),
      ]);
      return { counts, lanes, page, state, kind };
    },

    render: ({ counts, lanes, page: { items, next }, state, kind }, visit) => {
      const dead = totalOf(kind === undefined ? counts : counts.filter((one) => one.kind === kind), "dead");
      return (
        <Page
          title="Outbox"
          lead="What other servers are still to be told. A failed try is repeated for seven days; then it is given up, and waits here for you."
          actions={dead > 0 && visit.may("editor") && <RetryAll visit={visit} dead={dead} kind={kind} />}
        >
          <Alarms lanes={lanes} visit={visit} />
          {counts.length === 0 ? (
            <EmptyState icon="check" title="Nothing waits">
              <p>Everything that had to be told was told.</p>
            </EmptyState>
          ) : (
            <>
              <Filters
                visit={visit}
                path={PATH}
                groups={[
                  {
                    label: "State",
                    name: "state",
                    value: state,
                    options: JOB_STATES.map((one) => ({
                      value: one,
                      label: JOB_STATE_WORDS[one],
                      count: totalOf(counts, one),
                    })),
                  },
                  {
                    label: "What",
                    name: "kind",
                    value: kind,
                    options: [...new Set(counts.map((one) => one.kind))].map((one) => ({
                      value: one,
                      label: jobKindWords(one),
                      count: sum(counts.filter((count) => count.kind === one)),
                    })),
                  },
                ]}
              />
              {items.length === 0 ? (
                <EmptyState icon="check" title="None of these" />
              ) : (
                <Jobs items={items} visit={visit} />
              )}
            </>
          )}
          <Pagination visit={visit} path={PATH} next={next} />
        </Page>
      );
    },

    actions: {
      retry: {
        role: "editor",
        async perform({ account }, form) {
          const id = Number(form.text("id"));
          const revived = Number.isInteger(id) ? await outbox.redrive({ accountId: account.id, id }, clock.now()) : [];
          if (revived.length === 0) throw new AppError("conflict", "This one is not given up any more.");
          return { notice: "It is tried again now." };
        },
      },
      "retry-all": {
        role: "editor",
        async perform({ account }, form) {
          const kind = form.text("kind") || undefined;
          const { length } = await outbox.redrive({ accountId: account.id, kind }, clock.now());
          return { notice: length === 1 ? "One is tried again now." : `${length} are tried again now.` };
        },
      },
    },
  });

const sum = (counts: readonly JobCount[]): number => counts.reduce((total, { count }) => total + count, 0);
const totalOf = (counts: readonly JobCount[], state: JobState): number =>
  sum(counts.filter((one) => one.state === state));

/** Of all that is shown: where a kind is chosen, of that kind. */
function RetryAll({ visit, dead, kind }: { visit: Visit; dead: number; kind: string | undefined }) {
  const what = kind === undefined ? "" : ` of “${jobKindWords(kind)}”`;
  return (
    <Form action={visit.action("retry-all")} inline>
      {kind !== undefined && <Hidden name="kind" value={kind} />}
      <Button tone="primary">
        {dead === 1 ? `Try the failed one${what} again` : `Try all ${dead} failed${what} again`}
      </Button>
    </Form>
  );
}

/** Lanes that stand still until a person acts, or for a while. */
function Alarms({ lanes, visit }: { lanes: readonly Lane[]; visit: Visit }) {
  const alarms = lanes.flatMap(({ alarm, kind }) => (alarm === null ? [] : [{ alarm, kind }]));
  const texts = new Set(alarms.map(({ alarm }) => alarm));
  return (
    <>
      {[...texts].map((text) => (
        <Notice
          key={text}
          tone="bad"
          title={`Stopped: ${alarms
            .filter(({ alarm }) => alarm === text)
            .map(({ kind }) => jobKindWords(kind))
            .join(", ")}`}
        >
          {alarms.some(({ alarm, kind }) => alarm === text && isKlaviyo(kind)) ? (
            <WhatToDo reason={text} visit={visit} />
          ) : (
            text
          )}
        </Notice>
      ))}
      {lanes
        .filter(({ alarm, closedUntil }) => alarm === null && closedUntil > visit.now)
        .map(({ kind, channel, closedUntil }) => (
          <Notice key={kind + channel} tone="info">
            {jobKindWords(kind)}: the other side asked to wait. It goes on by itself{" "}
            <Time at={closedUntil} now={visit.now} />.
          </Notice>
        ))}
    </>
  );
}

function Jobs({ items, visit }: { items: readonly JobRow[]; visit: Visit }) {
  return (
    <Card flush>
      <Table
        label="Jobs"
        rows={items}
        columns={[
          { title: "What", cell: ({ kind }) => <span class="kind">{jobKindWords(kind)}</span> },
          { title: "About", cell: ({ orderingKey }) => <Subject orderingKey={orderingKey} visit={visit} /> },
          {
            title: "State",
            cell: ({ state }) => <Badge tone={JOB_STATE_TONES[state]}>{JOB_STATE_WORDS[state]}</Badge>,
          },
          {
            title: "Why",
            cell: ({ kind, lastError, attempts }) =>
              lastError && (
                <span class="reason">
                  {jobReasonWords(kind, lastError)}
                  {attempts > 1 && ` (${attempts} tries)`}
                </span>
              ),
          },
          { title: "Since", cell: ({ createdAt }) => <Time at={createdAt} now={visit.now} /> },
          { title: "", end: true, cell: (job) => <Retry job={job} visit={visit} /> },
        ]}
      />
    </Card>
  );
}

/** Most jobs are about a pass, and are ordered by its serial number. */
function Subject({ orderingKey, visit }: { orderingKey: string; visit: Visit }) {
  if (!looksLikeSerial(orderingKey)) return <span class="faint">–</span>;
  return <PassLink serial={orderingKey} visit={visit} />;
}

function Retry({ job: { id, state, runAt }, visit }: { job: JobRow; visit: Visit }) {
  if (state === "ready" && runAt > visit.now)
    return (
      <span class="faint">
        next try <Time at={runAt} now={visit.now} />
      </span>
    );
  if (state !== "dead" || !visit.may("editor")) return null;
  return (
    <Form action={visit.action("retry")} inline>
      <Hidden name="id" value={id} />
      <Button>Try again</Button>
    </Form>
  );
}
