/** @jsxImportSource preact */
import type { ApiKeyInfo } from "../../../accounts/api-key-store.ts";
import { KEY_SCOPES } from "../../../accounts/permission.ts";
import { definePage } from "../admin-page.ts";
import { Badge } from "../components/badge.tsx";
import { Button } from "../components/button.tsx";
import { Card } from "../components/card.tsx";
import { CodeBlock } from "../components/code-block.tsx";
import { Confirm } from "../components/confirm.tsx";
import { EmptyState } from "../components/empty-state.tsx";
import { Facts } from "../components/facts.tsx";
import { Field, Select } from "../components/field.tsx";
import { Form, Hidden } from "../components/form.tsx";
import { Notice } from "../components/notice.tsx";
import { Page } from "../components/page.tsx";
import { Pagination, pageRequest } from "../components/pagination.tsx";
import { Table } from "../components/table.tsx";
import { Time } from "../components/time.tsx";
import type { PageDependencies } from "../page-dependencies.ts";
import type { Visit } from "../visit.ts";

/** The keys with which Klaviyo's flows and other programs call the API. */
export const keysPage = ({ accounts, clock }: Pick<PageDependencies, "accounts" | "clock">) =>
  definePage({
    path: "/keys",
    section: "keys",
    role: "viewer",
    title: () => "API keys",
    load: (visit) => accounts.listKeys(visit.account.id, pageRequest(visit)),

    render: ({ items, next }, visit) => (
      <Page
        title="API keys"
        lead="A Klaviyo flow shows one of these with each webhook. Make one for each place that calls, so that you can take it back alone."
      >
        <NewKey visit={visit} />
        {items.length === 0 ? (
          <EmptyState icon="key" title="No key yet">
            <p>Without one no flow can issue passes.</p>
          </EmptyState>
        ) : (
          <Card flush>
            <Table
              label="API keys"
              rows={items}
              columns={[
                { title: "What it is for", cell: ({ label }) => label },
                { title: "Key", cell: ({ id }) => <code>phk_{id}_…</code> },
                { title: "May", cell: ({ scope }) => SCOPES[scope] },
                { title: "Made", wide: true, cell: ({ createdAt }) => <Time at={createdAt} now={visit.now} /> },
                {
                  title: "Last used",
                  cell: ({ lastUsedAt }) => (lastUsedAt === null ? "never" : <Time at={lastUsedAt} now={visit.now} />),
                },
                { title: "", end: true, cell: (key) => <KeyState apiKey={key} visit={visit} /> },
              ]}
            />
          </Card>
        )}
        <Pagination visit={visit} path="/keys" next={next} words={{ first: "Beginning", next: "More" }} />
        {visit.may("owner") && <CreateKey visit={visit} />}
      </Page>
    ),

    actions: {
      create: {
        role: "owner",
        async perform({ account }, form) {
          const scope = KEY_SCOPES.find((known) => known === form.text("scope")) ?? "issue";
          const days = LIFETIMES_DAYS.find((known) => String(known) === form.text("days"));
          const expiresAt = days === undefined ? null : clock.now() + days * DAY_MS;
          const { apiKey } = await accounts.createKey(account.id, form.required("label"), { scope, expiresAt });
          return { once: { apiKey } };
        },
      },
      revoke: {
        role: "owner",
        async perform({ account }, form) {
          const { label } = await accounts.revokeKey(account.id, form.text("id"));
          return { notice: `The key “${label}” is revoked.` };
        },
      },
    },
  });

/** What a key may do, in words. */
const SCOPES: Readonly<Record<(typeof KEY_SCOPES)[number], string>> = {
  all: "everything",
  issue: "issue and change passes",
  read: "look",
};
const LIFETIMES_DAYS = [30, 90, 365];
const DAY_MS = 24 * 3_600_000;

/** A key that was just made: the only time that it can be seen. */
function NewKey({ visit }: { visit: Visit }) {
  const key = visit.flash?.once?.["apiKey"];
  if (key === undefined) return null;
  return (
    <Notice tone="good" title="Copy the new key now. It cannot be shown again.">
      <Facts
        facts={[
          ["X-API-KEY", <CodeBlock code={key} label="API key" />],
          ["X-ACCOUNT-ID", <CodeBlock code={visit.account.id} label="Account id" />],
        ]}
      />
    </Notice>
  );
}

function KeyState({ apiKey: { id, label, revokedAt, expiresAt }, visit }: { apiKey: ApiKeyInfo; visit: Visit }) {
  if (revokedAt !== null) return <Badge>Revoked</Badge>;
  if (expiresAt !== null && expiresAt <= visit.now) return <Badge>Expired</Badge>;
  const ends = expiresAt !== null && (
    <span class="faint">
      ends <Time at={expiresAt} now={visit.now} />
    </span>
  );
  if (!visit.may("owner")) return ends || <Badge tone="good">In force</Badge>;
  return (
    <>
      {ends}
      <Confirm label="Revoke…">
        <Form action={visit.action("revoke")}>
          <Hidden name="id" value={id} />
          <p>Calls with the key “{label}” are refused from now on.</p>
          <Button tone="danger">Revoke the key</Button>
        </Form>
      </Confirm>
    </>
  );
}

function CreateKey({ visit }: { visit: Visit }) {
  const form = visit.form("create");
  return (
    <Card title="New key">
      <Form action={visit.action("create")}>
        <Field label="What it is for" hint="For example the name of the flow." required {...form.field("label")} />
        <div class="field-grid">
          <Select
            label="It may"
            {...form.field("scope", "issue")}
            options={[...KEY_SCOPES].reverse().map((value) => ({ value, label: SCOPES[value] }))}
          />
          <Select
            label="It ends"
            {...form.field("days")}
            options={[
              { value: "", label: "never" },
              ...LIFETIMES_DAYS.map((days) => ({ value: String(days), label: `in ${days} days` })),
            ]}
          />
        </div>
        <Button tone="primary">Make the key</Button>
      </Form>
    </Card>
  );
}
