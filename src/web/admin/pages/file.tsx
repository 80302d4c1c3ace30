/** @jsxImportSource preact */
import type { LineResult } from "../../../passes/bulk/bulk.ts";
import type { BulkJobView } from "../../../passes/bulk/bulk-jobs.ts";
import { BYTE_ORDER_MARK, csvLine, toTextCell } from "../../../passes/export/csv-text.ts";
import { passUrl } from "../../../passes/pass-url.ts";
import { definePage } from "../admin-page.ts";
import { Badge } from "../components/badge.tsx";
import { Button, LinkButton } from "../components/button.tsx";
import { Card } from "../components/card.tsx";
import { Confirm } from "../components/confirm.tsx";
import { Facts } from "../components/facts.tsx";
import { Form } from "../components/form.tsx";
import { Notice } from "../components/notice.tsx";
import { Page } from "../components/page.tsx";
import { Progress } from "../components/progress.tsx";
import { Table } from "../components/table.tsx";
import { Time } from "../components/time.tsx";
import type { PageDependencies } from "../page-dependencies.ts";
import type { Visit } from "../visit.ts";
import { fileState, MODE_WORDS } from "./file-words.ts";

const SHOWN_FAILURES = 20;
const idOf = ({ params }: Visit): string => params["id"] ?? "";

interface Failure {
  readonly line: number;
  readonly error: string;
}

/** One file of passes: how far it is, and what was wrong with which rows. */
export const filePage = ({ bulk, templates, config }: Pick<PageDependencies, "bulk" | "templates" | "config">) =>
  definePage({
    path: "/files/:id",
    section: "files",
    role: "editor",

    async load(visit) {
      const job = await bulk.find(visit.account.id, idOf(visit));
      const failures: Failure[] = (await bulk.failures(visit.account.id, job.id, SHOWN_FAILURES)).map(
        ({ line, error: { error } }) => ({ line, error }),
      );
      const template = job.templateId === null ? undefined : await templates.ofPass({ templateId: job.templateId });
      return { job, failures, templateName: template?.definition.name };
    },

    title: ({ job }) => MODE_WORDS[job.mode],

    render({ job, failures, templateName }, visit) {
      const { tone, word } = fileState(job);
      return (
        <Page title={MODE_WORDS[job.mode]} lead={templateName} back={{ href: visit.to("/files"), label: "Files" }}>
          {/* The script shows this part anew while rows are being done. */}
          <div data-live="file" data-refresh={job.state === "running" ? "" : undefined}>
            {job.error !== null && (
              <Notice tone="warning" title="It does not go on just now.">
                {job.error} It is tried again by itself.
              </Notice>
            )}
            <Card
              title="How far it is"
              aside={job.state === "running" ? <Far job={job} /> : <Badge tone={tone}>{word}</Badge>}
            >
              <FileFacts job={job} visit={visit} />
              <div class="row">
                <LinkButton href={visit.to(`/files/${job.id}/results`)}>Save what became of each row</LinkButton>
              </div>
            </Card>
            {failures.length > 0 && <Failures failures={failures} failed={job.failed} />}
          </div>
          {job.state === "running" && (
            <Confirm label="Cancel…" tone="danger">
              <Form action={visit.action("cancel")}>
                <p>Rows that are not done are left out. What is done stays.</p>
                <Button tone="danger">Cancel the rest</Button>
              </Form>
            </Confirm>
          )}
        </Page>
      );
    },

    actions: {
      cancel: {
        role: "editor",
        async perform(visit) {
          await bulk.cancel(visit.account.id, idOf(visit));
          return { notice: "The rest of the file is cancelled. What was done stays." };
        },
      },
    },

    downloads: {
      results: {
        role: "editor",
        async load(visit) {
          const id = idOf(visit);
          const results = await bulk.results(visit.account.id, id);
          return { name: `${id}.csv`, type: "text/csv; charset=utf-8", content: resultsCsv(results, config.publicUrl) };
        },
      },
    },
  });

const Far = ({ job: { done, failed, total } }: { job: BulkJobView }) => (
  <Progress done={done + failed} total={total} label="Rows done" />
);

function FileFacts({ job, visit: { now } }: { job: BulkJobView; visit: Visit }) {
  const { total, done, failed, cancelled, unusedColumns, createdAt, finishedAt } = job;
  return (
    <Facts
      facts={[
        ["Rows", total.toLocaleString("en")],
        ["Done", done.toLocaleString("en")],
        ["Failed", failed > 0 ? failed.toLocaleString("en") : null],
        ["Cancelled", cancelled > 0 ? cancelled.toLocaleString("en") : null],
        ["Columns not used", unusedColumns.join(", ")],
        ["Sent", <Time at={createdAt} now={now} />],
        ["Finished", finishedAt === null ? null : <Time at={finishedAt} now={now} />],
      ]}
    />
  );
}

function Failures({ failures, failed }: { failures: readonly Failure[]; failed: number }) {
  const isAll = failures.length >= failed;
  return (
    <Card title={isAll ? "What failed" : `What failed: the first ${failures.length}`} flush>
      <Table
        label="Rows that failed"
        rows={failures}
        columns={[
          { title: "Where", cell: ({ line }) => `Row ${line}` },
          { title: "Why", cell: ({ error }) => error },
        ]}
      />
    </Card>
  );
}

type Results = AsyncIterable<readonly { readonly line: number; readonly result: LineResult }[]>;

/** A spreadsheet of what became of each row. */
async function* resultsCsv(results: Results, publicUrl: string): AsyncGenerator<string> {
  yield BYTE_ORDER_MARK + csvLine(["row", "state", "outcome", "serial", "url", "error"]);
  for await (const some of results) {
    yield some.map(({ line, result }) => csvLine(cellsOf(line, result, publicUrl).map(toTextCell))).join("");
  }
}

function cellsOf(line: number, result: LineResult, publicUrl: string): readonly string[] {
  const { state } = result;
  switch (state) {
    case "done":
      return [String(line), state, result.outcome, result.serial, passUrl(publicUrl, result.serial), ""];
    case "failed":
      return [String(line), state, "", "", "", result.error.error];
    case "pending":
    case "cancelled":
      return [String(line), state, "", "", "", ""];
    default:
      return result satisfies never;
  }
}
