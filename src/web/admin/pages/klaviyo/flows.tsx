/** @jsxImportSource preact */
import { SNIPPET_ACTIONS } from "../../../../klaviyo/snippet.ts";
import { definePage } from "../../admin-page.ts";
import { LinkButton } from "../../components/button.tsx";
import { Card } from "../../components/card.tsx";
import { EmptyState } from "../../components/empty-state.tsx";
import { Page } from "../../components/page.tsx";
import { Pagination, pageRequest } from "../../components/pagination.tsx";
import { Table } from "../../components/table.tsx";
import type { PageDependencies } from "../../page-dependencies.ts";
import { ACTION_WORDS } from "./snippet-words.ts";
import { KlaviyoTabs } from "./tabs.tsx";

/** Which template a flow's webhook is about, and what it does with its passes. */
export const flowsPage = ({ templates }: Pick<PageDependencies, "templates">) =>
  definePage({
    path: "/klaviyo/flow",
    section: "klaviyo",
    role: "viewer",
    title: () => "Webhooks for flows",
    load: (visit) => templates.list(visit.account.id, pageRequest(visit)),

    render: ({ items, next }, visit) => (
      <Page
        title="Klaviyo"
        lead="A flow gives out a pass with a webhook. Choose the template, and copy what Klaviyo's form asks for."
      >
        <KlaviyoTabs visit={visit} at="/klaviyo/flow" />
        {items.length === 0 ? (
          <EmptyState icon="pass" title="No template yet">
            <p>A webhook names the template of its passes, so that comes first.</p>
            {visit.may("editor") && <LinkButton href={visit.to("/templates/new")}>Make a template</LinkButton>}
          </EmptyState>
        ) : (
          <Card flush>
            <Table
              label="Templates"
              rows={items}
              columns={[
                {
                  title: "Template",
                  cell: ({ id, name }) => <a href={visit.to(`/klaviyo/flow/${id}/issue`)}>{name}</a>,
                },
                { title: "Id", wide: true, cell: ({ id }) => <code>{id}</code> },
                {
                  title: "Webhook to",
                  end: true,
                  cell: ({ id }) => (
                    <span class="button-row">
                      {SNIPPET_ACTIONS.map((action) => (
                        <LinkButton key={action} href={visit.to(`/klaviyo/flow/${id}/${action}`)}>
                          {ACTION_WORDS[action].short}
                        </LinkButton>
                      ))}
                    </span>
                  ),
                },
              ]}
            />
          </Card>
        )}
        <Pagination visit={visit} path="/klaviyo/flow" next={next} words={{ first: "Beginning", next: "More" }} />
      </Page>
    ),
  });
