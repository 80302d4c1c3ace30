/** @jsxImportSource preact */
import type { TemplateRow } from "../../../templates/template-store.ts";
import { KNOWN_EVENT_TYPES, type Webhook } from "../../../webhooks/webhook.ts";
import { definePage } from "../admin-page.ts";
import { Badge } from "../components/badge.tsx";
import { Button } from "../components/button.tsx";
import { Card } from "../components/card.tsx";
import { EmptyState } from "../components/empty-state.tsx";
import { Select } from "../components/field.tsx";
import { Form } from "../components/form.tsx";
import { Page } from "../components/page.tsx";
import { Pagination, pageRequest } from "../components/pagination.tsx";
import { Table } from "../components/table.tsx";
import type { PageDependencies } from "../page-dependencies.ts";
import type { Visit } from "../visit.ts";
import { offsetPage, offsetPart } from "./offset-page.ts";
import { WebhookFields, webhookInputIn } from "./webhook-form.tsx";
import { shortEventWords, webhookState } from "./webhook-words.ts";

const PATH = "/webhooks";
const MAX_TEMPLATES = 200;

/** Who else is told of what happens to passes. */
export const webhooksPage = ({ webhooks, templates }: Pick<PageDependencies, "webhooks" | "templates">) =>
  definePage({
    path: PATH,
    section: "webhooks",
    role: "viewer",
    title: () => "Webhooks",

    async load(visit) {
      const { id } = visit.account;
      const part = offsetPart(pageRequest(visit));
      const [listed, known] = await Promise.all([
        webhooks.list(id, undefined, part),
        templates.list(id, { limit: MAX_TEMPLATES }),
      ]);
      return { page: offsetPage(listed, part), templates: known.items };
    },

    render: ({ page: { items, next }, templates: known }, visit) => (
      <Page
        title="Webhooks"
        lead="Other systems can be told of what happens to passes: a till, a data warehouse, an automation tool. Klaviyo needs none; it is told anyway."
      >
        {items.length === 0 ? (
          <EmptyState icon="hook" title="Nobody else is told">
            <p>A webhook posts each event to an address of yours, signed, and tries for seven days.</p>
          </EmptyState>
        ) : (
          <Listed items={items} templates={known} visit={visit} />
        )}
        <Pagination visit={visit} path={PATH} next={next} words={{ first: "Beginning", next: "More" }} />
        {visit.may("owner") && <Create templates={known} visit={visit} />}
      </Page>
    ),

    actions: {
      create: {
        role: "owner",
        async perform({ account }, form) {
          const templateId = form.text("template");
          const made = await webhooks.create(account.id, {
            ...webhookInputIn(form),
            ...(templateId === "" ? {} : { templateId }),
          });
          const { webhook, bearerToken, signingSecret } = made;
          return { to: `${PATH}/${webhook.id}`, once: { bearerToken, signingSecret } };
        },
      },
    },
  });

interface ListedProps {
  readonly items: readonly Webhook[];
  readonly templates: readonly TemplateRow[];
  readonly visit: Visit;
}

function Listed({ items, templates, visit }: ListedProps) {
  return (
    <Card flush>
      <Table
        label="Webhooks"
        rows={items}
        columns={[
          {
            title: "What it is for",
            cell: ({ id, name, url }) => (
              <a href={visit.to(`${PATH}/${id}`)}>
                {name}
                <small>{url}</small>
              </a>
            ),
          },
          {
            title: "Told of",
            cell: ({ subscribedEvents }) =>
              subscribedEvents.length === KNOWN_EVENT_TYPES.length
                ? "everything"
                : subscribedEvents.map(shortEventWords).join(", "),
          },
          {
            title: "Template",
            cell: ({ templateId }) =>
              templateId === null ? "every one" : (templates.find(({ id }) => id === templateId)?.name ?? templateId),
          },
          {
            title: "State",
            end: true,
            cell: (webhook) => {
              const { tone, word } = webhookState(webhook);
              return <Badge tone={tone}>{word}</Badge>;
            },
          },
        ]}
      />
    </Card>
  );
}

const NEW = { name: "", url: "", subscribedEvents: KNOWN_EVENT_TYPES, includeValues: false } as const;

function Create({ templates, visit }: Pick<ListedProps, "templates" | "visit">) {
  const form = visit.form("create");
  return (
    <Card title="New webhook">
      <Form action={visit.action("create")}>
        <WebhookFields form={form} initial={NEW} />
        {templates.length > 0 && (
          <Select
            label="Passes of"
            {...form.field("template")}
            options={[
              { value: "", label: "every template" },
              ...templates.map(({ id, name }) => ({ value: id, label: name })),
            ]}
          />
        )}
        <Button tone="primary">Make the webhook</Button>
      </Form>
    </Card>
  );
}
