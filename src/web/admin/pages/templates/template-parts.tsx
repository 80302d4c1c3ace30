/** @jsxImportSource preact */

import type { Page } from "../../../../page.ts";
import type { TemplateCounts } from "../../../../passes/daily-count-store.ts";
import type { TemplateDefinition } from "../../../../templates/definition.ts";
import type { TemplateRow, TemplateVersion, VersionFacts } from "../../../../templates/template-store.ts";
import { Badge } from "../../components/badge.tsx";
import { Button } from "../../components/button.tsx";
import { Card } from "../../components/card.tsx";
import { Confirm } from "../../components/confirm.tsx";
import { Facts } from "../../components/facts.tsx";
import { Field } from "../../components/field.tsx";
import { Form } from "../../components/form.tsx";
import { Pagination } from "../../components/pagination.tsx";
import { Table } from "../../components/table.tsx";
import { Time } from "../../components/time.tsx";
import type { Visit } from "../../visit.ts";
import { capitalised } from "../../words.ts";

interface TemplateFactsProps {
  readonly row: TemplateRow;
  readonly version: TemplateVersion;
  readonly counts: TemplateCounts;
  readonly visit: Visit;
}

export function TemplateFacts({ row, version: { definition, locales }, counts, visit }: TemplateFactsProps) {
  const languages = Object.keys(locales);
  return (
    <Card
      title="At a glance"
      aside={
        <nav class="aside-links" aria-label="Elsewhere">
          <a href={visit.to("/passes", { template: row.id })}>Its passes</a>
          <a href={visit.to(`/klaviyo/flow/${row.id}/issue`)}>Its Klaviyo webhook</a>
        </nav>
      }
    >
      <Facts
        facts={[
          ["Id in webhooks", <code>{row.id}</code>],
          ["Passes issued", String(counts.issued)],
          ["In wallets now", String(counts.installed)],
          ["A repeated delivery", definition.repeat === "new" ? "makes a new pass" : "updates the person's pass"],
          ["Languages", languages.join(", ")],
          ["Time zone", definition.timeZone],
          ["Klaviyo properties", <code>{definition.profilePropertyPrefix ?? "wallet_pass"}_…</code>],
          ["Made", <Time at={row.createdAt} now={visit.now} />],
        ]}
      />
    </Card>
  );
}

/** What a flow can fill in. */
export function TemplateInputs({ definition }: { definition: TemplateDefinition }) {
  const inputs = Object.entries(definition.fields);
  return (
    <Card title="What it asks for" flush>
      {inputs.length === 0 ? (
        <p class="pad">Nothing: every pass is the same.</p>
      ) : (
        <Table
          label="Fields of the template"
          rows={inputs}
          columns={[
            { title: "Name in webhooks", cell: ([name]) => <code>{name}</code> },
            { title: "Label", wide: true, cell: ([, { label }]) => label ?? "" },
            { title: "Type", cell: ([, { type }]) => capitalised(type) },
            {
              title: "Where nothing is given",
              cell: ([, { required, default: value }]) =>
                value !== undefined ? (
                  String(value)
                ) : required ? (
                  <Badge tone="warning">Required</Badge>
                ) : (
                  <span class="faint">left out</span>
                ),
            },
          ]}
        />
      )}
    </Card>
  );
}

interface TemplateVersionsProps {
  readonly row: TemplateRow;
  readonly versions: Page<VersionFacts>;
  readonly visit: Visit;
}

export function TemplateVersions({ row, versions: { items, next }, visit }: TemplateVersionsProps) {
  const path = `/templates/${row.id}`;
  return (
    <Card title="Versions" flush>
      <Table
        label="Versions"
        rows={items}
        columns={[
          {
            title: "Version",
            cell: ({ version }) => (
              <a href={visit.to(`${path}/versions/${version}`)}>
                {version} {version === row.currentVersion && <Badge tone="good">Now</Badge>}
              </a>
            ),
          },
          { title: "When", cell: ({ createdAt }) => <Time at={createdAt} now={visit.now} /> },
          { title: "By", cell: ({ author }) => author ?? <span class="faint">not noted</span> },
        ]}
      />
      <Pagination visit={visit} path={path} next={next} />
    </Card>
  );
}

export function TemplateDeletion({ row, issued, visit }: { row: TemplateRow; issued: number; visit: Visit }) {
  const form = visit.form("delete");
  return (
    <Card title="Delete">
      <Confirm label="Delete the template…" tone="danger" open={form.refused}>
        <Form action={visit.action("delete")}>
          <p>
            This cannot be undone.{" "}
            {issued > 0 &&
              `All of its passes are deleted with it, ${issued} were issued: their links lead nowhere and phones show them void. `}
            Flows that name it get an error.
          </p>
          <Field label={`Type ${row.name} to go on`} autocomplete="off" {...form.field("confirm")} />
          <Button tone="danger">Delete the template</Button>
        </Form>
      </Confirm>
    </Card>
  );
}
