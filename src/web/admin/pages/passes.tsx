/** @jsxImportSource preact */
import { findByText } from "../../../passes/search/find-by-text.ts";
import type { FoundPass } from "../../../passes/search/pass-query.ts";
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
import { capitalised } from "../words.ts";

const PATH = "/passes";
const MAX_TEMPLATES = 200;

/** Every pass, the newest first, and the search for one. */
export const passesPage = ({ search, templates }: Pick<PageDependencies, "search" | "templates">) =>
  definePage({
    path: PATH,
    section: "passes",
    role: "viewer",
    title: () => "Passes",

    async load(visit) {
      const accountId = visit.account.id;
      const text = visit.query.get("q")?.trim() || undefined;
      const status = PASS_STATUSES.find((known) => known === visit.query.get("status"));
      const known = await templates.list(accountId, { limit: MAX_TEMPLATES });
      const templateId = known.items.find(({ id }) => id === visit.query.get("template"))?.id;
      const query = { accountId, templateId, statuses: status && [status] };
      const found =
        text === undefined
          ? await search.page(query, pageRequest(visit))
          : await findByText(search, query, text, pageRequest(visit));
      const isNarrowed = text !== undefined || templateId !== undefined || status !== undefined;
      return { found, templates: known.items, isNarrowed };
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
        </div>
      </Page>
    ),
  });

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
                {recipient.name ?? recipient.email ?? recipient.phone ?? "Unknown"}
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
