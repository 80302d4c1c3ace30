/** @jsxImportSource preact */
import { shownSettings } from "../../../config.ts";
import { definePage } from "../admin-page.ts";
import { Badge } from "../components/badge.tsx";
import { Card } from "../components/card.tsx";
import { Facts } from "../components/facts.tsx";
import { Page } from "../components/page.tsx";
import { Table } from "../components/table.tsx";
import { Time } from "../components/time.tsx";
import type { PageDependencies } from "../page-dependencies.ts";

/** How the account and the server are set up. */
export const settingsPage = ({ settings }: Pick<PageDependencies, "settings">) =>
  definePage({
    path: "/settings",
    section: "settings",
    role: "owner",
    title: () => "Settings",
    load: async () => shownSettings(settings),

    render: (items, { account, now }) => (
      <Page title="Settings">
        <Card title="This account">
          <Facts
            facts={[
              ["Name", account.name],
              ["Account id", <code>{account.id}</code>],
              ["Made", <Time at={account.createdAt} now={now} />],
              [
                "A profile's external_id",
                account.externalIdPolicy === "set"
                  ? "becomes the serial number where a webhook does not say what it holds"
                  : "stays as it is where a webhook does not say what it holds",
              ],
            ]}
          />
        </Card>
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
  });
