/** @jsxImportSource preact */
import type { SessionRow } from "../../../admins/session-store.ts";
import { definePage } from "../admin-page.ts";
import { Badge } from "../components/badge.tsx";
import { Button } from "../components/button.tsx";
import { Card } from "../components/card.tsx";
import { Facts } from "../components/facts.tsx";
import { Field } from "../components/field.tsx";
import { Form, Hidden } from "../components/form.tsx";
import { Page } from "../components/page.tsx";
import { Table } from "../components/table.tsx";
import { Time } from "../components/time.tsx";
import type { PageDependencies } from "../page-dependencies.ts";
import { browserName } from "../user-agent.ts";
import type { Visit } from "../visit.ts";
import { capitalised } from "../words.ts";

type Dependencies = Pick<PageDependencies, "access" | "passwordAttempts">;

/** The visitor's own password and sessions. */
export const profilePage = ({ access: { admins, sessions }, passwordAttempts }: Dependencies) =>
  definePage({
    path: "/profile",
    section: "profile",
    role: "viewer",
    title: () => "Your account",
    load: ({ admin }) => sessions.list(admin.id),

    render: (list, visit) => (
      <Page title="Your account">
        <Card>
          <Facts
            facts={[
              ["E-mail", visit.admin.email],
              ["Role", capitalised(visit.admin.role)],
            ]}
          />
        </Card>
        <ChangePassword visit={visit} />
        <OwnSessions sessions={list} visit={visit} />
      </Page>
    ),

    actions: {
      password: {
        role: "viewer",
        async perform({ admin, browser }, form) {
          passwordAttempts.take(admin.email);
          const passwords = { current: form.raw("current"), next: form.raw("password") };
          const session = await admins.changePassword(admin.id, passwords, browser);
          return { session, notice: "The password is changed. You are signed out everywhere else." };
        },
      },
      "end-session": {
        role: "viewer",
        async perform({ admin }, form) {
          await sessions.revoke(admin.id, form.text("id"));
          return { notice: "That browser is signed out." };
        },
      },
      "end-others": {
        role: "viewer",
        async perform({ admin, sessionId }) {
          await sessions.revokeOthers(admin.id, sessionId);
          return { notice: "You are signed out everywhere else." };
        },
      },
    },
  });

function ChangePassword({ visit }: { visit: Visit }) {
  const form = visit.form("password");
  return (
    <Card title="Change your password">
      <Form action={visit.action("password")}>
        <Field
          label="Current password"
          type="password"
          autocomplete="current-password"
          required
          {...form.field("current")}
        />
        <Field
          label="New password"
          type="password"
          autocomplete="new-password"
          hint="At least 12 characters."
          required
          {...form.field("password")}
        />
        <Button tone="primary">Change the password</Button>
      </Form>
    </Card>
  );
}

function OwnSessions({ sessions, visit }: { sessions: readonly SessionRow[]; visit: Visit }) {
  return (
    <Card
      title="Where you are signed in"
      flush
      aside={
        sessions.length > 1 && (
          <Form action={visit.action("end-others")} inline>
            <Button>Sign out everywhere else</Button>
          </Form>
        )
      }
    >
      <Table
        label="Sessions"
        rows={sessions}
        columns={[
          { title: "Browser", cell: ({ userAgent }) => <span title={userAgent}>{browserName(userAgent)}</span> },
          { title: "Address", cell: ({ address }) => <code>{address}</code> },
          { title: "Signed in", cell: ({ createdAt }) => <Time at={createdAt} now={visit.now} /> },
          { title: "Last seen", cell: ({ lastSeenAt }) => <Time at={lastSeenAt} now={visit.now} /> },
          {
            title: "",
            end: true,
            cell: ({ id }) =>
              id === visit.sessionId ? (
                <Badge tone="good">This one</Badge>
              ) : (
                <Form action={visit.action("end-session")} inline>
                  <Hidden name="id" value={id} />
                  <Button>Sign out</Button>
                </Form>
              ),
          },
        ]}
      />
    </Card>
  );
}
