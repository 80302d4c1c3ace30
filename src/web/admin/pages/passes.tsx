/** @jsxImportSource preact */
import { findByText } from "../../../passes/search/find-by-text.ts";
import type { FoundPass, PassQuery } from "../../../passes/search/pass-query.ts";
import { PASS_STATUSES } from "../../../passes/status.ts";
import type { TemplateRow } from "../../../templates/template-store.ts";
import { definePage } from "../admin-page.ts";
import { Button, LinkButton } from "../components/button.tsx";
import { Card } from "../components/card.tsx";
import { EmptyState } from "../components/empty-state.tsx";
import { Field, Select } from "../components/field.tsx";
import { Page } from "../components/page.tsx";
import { Pagination, pageRequest } from "../components/pagination.tsx";
import { PassStatusBadge } from "../components/pass-status.tsx";
import { Table } from "../components/table.tsx";
import { Time } from "../components/time.tsx";
import type { PageDependencies } from "../page-dependencies.ts";
import type { Visit } from "../visit.ts";
import { capitalised, whoIs } from "../words.ts";

const PATH = "/passes";
const MAX_TEMPLATES = 200;

/** Every pass, the newest first, and the search for one. */
export const passesPage = ({
  search,
  templates,
  exporter,
}: Pick<PageDependencies, "search" | "templates" | "exporter">) => {
  const knownTemplates = async ({ account }: Visit): Promise<readonly TemplateRow[]> =>
    (await templates.list(account.id, { limit: MAX_TEMPLATES })).items;

  return definePage({
    path: PATH,
    section: "passes",
    role: "viewer",
    title: () => "Passes",

    async load(visit) {
      const text = visit.query.get("q")?.trim() || undefined;
      const known = await knownTemplates(visit);
      const query = queryOf(visit, known);
      const found =
        text === undefined
          ? await search.page(query, pageRequest(visit))
          : await findByText(search, query, text, pageRequest(visit));
      const isNarrowed = text !== undefined || query.templateId !== undefined || query.statuses !== undefined;
      return { found, templates: known, isNarrowed };
    },

    render: ({ found: { items, next }, templates: known, isNarrowed }, visit) => (
      <Page title="Passes">
        <Search visit={visit} templates={known} />
        {/* The script shows this part anew while somebody types. */}
        <div data-live="passes" aria-live="polite">
          {items.length > 0 ? (
            <Found items={items} visit={visit} />
          ) : isNarrowed ? (
            <EmptyState icon="search" title="No such pass">
              <p>
                Look for the beginning of a name, an e-mail address or a serial number, or for a whole phone number or
                customer id.
              </p>
              <LinkButton href={visit.to(PATH)}>Show all passes</LinkButton>
            </EmptyState>
          ) : (
            <EmptyState icon="pass" title="No pass yet">
              <p>The first one is made when a Klaviyo flow sends its first webhook.</p>
              <LinkButton href={visit.to("")}>See what is left to do</LinkButton>
            </EmptyState>
          )}
          <Pagination visit={visit} path={PATH} next={next} />
          {items.length > 0 && visit.may("editor") && <Export visit={visit} />}
        </div>
      </Page>
    ),

    downloads: {
      export: {
        role: "editor",
        load: async (visit) => ({
          name: "passes.csv",
          type: "text/csv; charset=utf-8",
          content: await exporter.write(queryOf(visit, await knownTemplates(visit)), "csv"),
        }),
      },
    },
  });
};

/** What the address narrows the list to, apart from the text that is looked for. */
function queryOf({ account, query }: Visit, templates: readonly TemplateRow[]): PassQuery {
  const status = PASS_STATUSES.find((known) => known === query.get("status"));
  return {
    accountId: account.id,
    templateId: templates.find(({ id }) => id === query.get("template"))?.id,
    statuses: status && [status],
  };
}

/** Every pass of the template and state that were chosen. */
function Export({ visit: { query, to } }: { visit: Visit }) {
  if (query.get("q")?.trim()) return null;
  const filters = { template: query.get("template"), status: query.get("status") };
  return <LinkButton href={to(`${PATH}/export`, filters)}>Save all of these as CSV</LinkButton>;
}

function Search({ visit, templates }: { visit: Visit; templates: readonly TemplateRow[] }) {
  const { query } = visit;
  return (
    <search>
      <form class="search" method="get" action={visit.to(PATH)} data-live-form="passes">
        <Field
          label="Search"
          name="q"
          type="search"
          value={query.get("q") ?? ""}
          placeholder="Name, e-mail, phone, customer id or serial number"
          autocomplete="off"
        />
        {templates.length > 1 && (
          <Select
            label="Template"
            name="template"
            value={query.get("template") ?? ""}
            options={[
              { value: "", label: "Every template" },
              ...templates.map(({ id, name }) => ({ value: id, label: name })),
            ]}
          />
        )}
        <Select
          label="State"
          name="status"
          value={query.get("status") ?? ""}
          options={[
            { value: "", label: "Every state" },
            ...PASS_STATUSES.map((value) => ({ value, label: capitalised(value) })),
          ]}
        />
        <Button>Search</Button>
      </form>
    </search>
  );
}

function Found({ items, visit }: { items: readonly FoundPass[]; visit: Visit }) {
  return (
    <Card flush>
      <Table
        label="Passes"
        rows={items}
        columns={[
          {
            title: "Recipient",
            cell: ({ pass, recipient }) => (
              <a href={visit.to(`${PATH}/${pass.serial}`)}>
                {whoIs(recipient) ?? "Unknown"}
                {recipient.name && recipient.email && <small>{recipient.email}</small>}
              </a>
            ),
          },
          { title: "Template", cell: ({ template }) => template.definition.name },
          {
            title: "State",
            cell: (found) => <PassStatusBadge of={found} now={visit.now} />,
          },
          { title: "Issued", cell: ({ pass }) => <Time at={pass.createdAt} now={visit.now} /> },
          {
            title: "Serial number",
            end: true,
            wide: true,
            cell: ({ pass }) => <code>{pass.serial.slice(0, 8)}…</code>,
          },
        ]}
      />
    </Card>
  );
}
