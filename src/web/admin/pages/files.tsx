/** @jsxImportSource preact */
import { MAX_FILE_BYTES } from "../../../api/bulk-api.ts";
import { AppError } from "../../../errors.ts";
import { BULK_MODES, type BulkFormat, type BulkJob } from "../../../passes/bulk/bulk.ts";
import type { TemplateRow } from "../../../templates/template-store.ts";
import { definePage } from "../admin-page.ts";
import { Badge } from "../components/badge.tsx";
import { Button } from "../components/button.tsx";
import { Card } from "../components/card.tsx";
import { EmptyState } from "../components/empty-state.tsx";
import { Field, Select } from "../components/field.tsx";
import { Form } from "../components/form.tsx";
import { Page } from "../components/page.tsx";
import { Pagination, pageRequest } from "../components/pagination.tsx";
import { Table } from "../components/table.tsx";
import { Time } from "../components/time.tsx";
import type { PageDependencies } from "../page-dependencies.ts";
import type { Visit } from "../visit.ts";
import { fileState, MODE_WORDS } from "./file-words.ts";

const PATH = "/files";
const MAX_TEMPLATES = 200;
/** What a form has beside its file. */
const FORM_BYTES = 64 * 1024;
const FORMATS: Readonly<Record<string, BulkFormat>> = { csv: "csv", ndjson: "ndjson", jsonl: "ndjson" };

/** Files of passes to issue or to change, and how far they are. */
export const filesPage = ({ bulk, templates }: Pick<PageDependencies, "bulk" | "templates">) =>
  definePage({
    path: PATH,
    section: "files",
    role: "editor",
    title: () => "Files",

    async load(visit) {
      const { id } = visit.account;
      const [page, known] = await Promise.all([
        bulk.list(id, pageRequest(visit)),
        templates.list(id, { limit: MAX_TEMPLATES }),
      ]);
      return { page, templates: known.items };
    },

    render: ({ page: { items, next }, templates: known }, visit) => (
      <Page
        title="Files"
        lead="Issue or change many passes at once, from a spreadsheet. Each row is done like a webhook of its own: what is wrong with one keeps none of the others from being done."
      >
        <Upload templates={known} visit={visit} />
        {items.length === 0 ? (
          <EmptyState icon="files" title="No file yet">
            <p>What became of each row of a file will be here for 30 days.</p>
          </EmptyState>
        ) : (
          <Files items={items} templates={known} visit={visit} />
        )}
        <Pagination visit={visit} path={PATH} next={next} />
      </Page>
    ),

    actions: {
      upload: {
        role: "editor",
        maxBytes: MAX_FILE_BYTES + FORM_BYTES,
        async perform({ account }, form) {
          const file = form.file("file");
          if (!file) throw refused("file", "Choose a file.");
          const format = FORMATS[file.name.toLowerCase().split(".").at(-1) ?? ""];
          if (!format) throw refused("file", "Its name must end in .csv, .ndjson or .jsonl.");
          const mode = BULK_MODES.find((known) => known === form.text("mode"));
          if (!mode) throw refused("mode", "Choose what is to be done.");
          const { id, total } = await bulk.receive({
            ...{ accountId: account.id, mode, format, idempotencyKey: undefined },
            templateId: form.text("template") || undefined,
            bytes: file.stream(),
          });
          return { to: `${PATH}/${id}`, notice: `The file is here, with ${rowsInWords(total)}.` };
        },
      },
    },
  });

const refused = (path: string, message: string): AppError =>
  new AppError("invalid", "The file was not taken.", { details: [{ path, message }] });

const rowsInWords = (count: number): string => (count === 1 ? "one row" : `${count.toLocaleString("en")} rows`);

interface FilesProps {
  readonly items: readonly BulkJob[];
  readonly templates: readonly TemplateRow[];
  readonly visit: Visit;
}

function Upload({ templates, visit }: Pick<FilesProps, "templates" | "visit">) {
  const form = visit.form("upload");
  return (
    <Card title="New file">
      <Form action={visit.action("upload")} files>
        <div class="field-grid">
          <Select
            label="What is to be done"
            {...form.field("mode", "issue")}
            options={BULK_MODES.map((value) => ({ value, label: MODE_WORDS[value] }))}
          />
          {templates.length > 0 && (
            <Select
              label="Template"
              {...form.field("template", templates[0]?.id)}
              options={templates.map(({ id, name }) => ({ value: id, label: name }))}
            />
          )}
        </div>
        <Field
          label="File"
          type="file"
          accept=".csv,.ndjson,.jsonl"
          required
          hint={`CSV in UTF-8, its first row the names of the template's fields and email, name, phone, externalId or klaviyoId; changes take a column serial. Or NDJSON. Up to ${MAX_FILE_BYTES / 1024 / 1024} MB.`}
          {...form.field("file")}
        />
        <Button tone="primary">Send the file</Button>
      </Form>
    </Card>
  );
}

function Files({ items, templates, visit }: FilesProps) {
  return (
    <Card flush>
      <Table
        label="Files"
        rows={items}
        columns={[
          { title: "What", cell: ({ id, mode }) => <a href={visit.to(`${PATH}/${id}`)}>{MODE_WORDS[mode]}</a> },
          {
            title: "Template",
            cell: ({ templateId }) =>
              templates.find(({ id }) => id === templateId)?.name ?? templateId ?? "in each row",
          },
          { title: "Rows", cell: ({ total }) => total.toLocaleString("en") },
          {
            title: "Failed",
            cell: ({ failed }) => failed > 0 && <Badge tone="bad">{failed.toLocaleString("en")}</Badge>,
          },
          {
            title: "State",
            cell: (job) => {
              const { tone, word } = fileState(job);
              return <Badge tone={tone}>{word}</Badge>;
            },
          },
          { title: "Sent", end: true, cell: ({ createdAt }) => <Time at={createdAt} now={visit.now} /> },
        ]}
      />
    </Card>
  );
}
