/** @jsxImportSource preact */
import { shownSettings } from "../../../config.ts";
import { definePage } from "../admin-page.ts";
import { Badge } from "../components/badge.tsx";
import { Button } from "../components/button.tsx";
import { Card } from "../components/card.tsx";
import { Field } from "../components/field.tsx";
import { Form } from "../components/form.tsx";
import { Page } from "../components/page.tsx";
import { Table } from "../components/table.tsx";
import type { PageDependencies } from "../page-dependencies.ts";
import type { Visit } from "../visit.ts";

const MAX_NAME = 100;

/** How the account and the server are set up. */
export const settingsPage = ({ accounts, settings }: Pick<PageDependencies, "accounts" | "settings">) =>
  definePage({
    path: "/settings",
    section: "settings",
    role: "owner",
    load: async () => shownSettings(settings),
    title: () => "Settings",

    render: (items, visit) => (
      <Page title="Settings">
        <AccountForm visit={visit} />
        <Card title="The server" flush>
          <Table
            label="Settings of the server"
            rows={items}
            columns={[
              {
                title: "Setting",
                cell: ({ variable, meaning }) => (
                  <>
                    <code>{variable}</code>
                    <small>{meaning}</small>
                  </>
                ),
              },
              {
                title: "Value",
                cell: ({ value }) => (value === null ? <span class="faint">not set</span> : <code>{value}</code>),
              },
              {
                title: "Comes from",
                end: true,
                cell: ({ origin }) => <Badge tone={origin === "default" ? "plain" : "accent"}>{origin}</Badge>,
              },
            ]}
          />
        </Card>
        <p class="aside">Settings are given when the server starts: as flags, in the environment, or as files.</p>
      </Page>
    ),

    actions: {
      account: {
        role: "owner",
        async perform({ account }, form) {
          const name = form.required("name").slice(0, MAX_NAME);
          await accounts.update(account.id, { name });
          return { notice: "The account is saved." };
        },
      },
    },
  });

function AccountForm({ visit }: { visit: Visit }) {
  const { account } = visit;
  const form = visit.form("account");
  return (
    <Card title="This account" aside={<code>{account.id}</code>}>
      <Form action={visit.action("account")}>
        <Field
          label="Name"
          hint="Passes show it where their template names no organisation."
          required
          {...form.field("name", account.name)}
        />
        <Button tone="primary">Save the account</Button>
      </Form>
    </Card>
  );
}
