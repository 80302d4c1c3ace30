/** @jsxImportSource preact */
import type { Admin } from "../../../admins/admin-store.ts";
import type { Invitation } from "../../../admins/links.ts";
import { isRole, type Role } from "../../../admins/role.ts";
import { AppError } from "../../../errors.ts";
import { definePage } from "../admin-page.ts";
import { Badge } from "../components/badge.tsx";
import { Button } from "../components/button.tsx";
import { Card } from "../components/card.tsx";
import { CodeBlock } from "../components/code-block.tsx";
import { Field, Select } from "../components/field.tsx";
import { Form, Hidden } from "../components/form.tsx";
import { Notice } from "../components/notice.tsx";
import { Page } from "../components/page.tsx";
import { Pagination, pageRequest } from "../components/pagination.tsx";
import { Table } from "../components/table.tsx";
import { Time } from "../components/time.tsx";
import type { PageDependencies } from "../page-dependencies.ts";
import type { SentForm } from "../sent-form.ts";
import type { Visit } from "../visit.ts";
import { capitalised } from "../words.ts";
import { AdminControls } from "./admin-controls.tsx";

const PATH = "/admins";

/** Who else may use these pages, and as what. */
export const adminsPage = ({ access: { admins, links } }: Pick<PageDependencies, "access">) =>
  definePage({
    path: PATH,
    section: "admins",
    role: "owner",
    title: () => "People",

    async load(visit) {
      const [page, invitations] = await Promise.all([admins.list(pageRequest(visit)), links.invitations()]);
      return { page, invitations };
    },

    render: ({ page: { items, next }, invitations }, visit) => (
      <Page
        title="People"
        lead="Viewers look. Editors change passes and templates. Owners do everything: also Klaviyo, keys, certificates and people."
      >
        <NewLink visit={visit} />
        <Card flush>
          <Table
            label="People"
            rows={items}
            columns={[
              { title: "E-mail", cell: (admin) => <Person admin={admin} visit={visit} /> },
              { title: "Role", cell: ({ role }) => capitalised(role) },
              { title: "Since", cell: ({ createdAt }) => <Time at={createdAt} now={visit.now} /> },
              { title: "", end: true, cell: (admin) => <AdminControls admin={admin} visit={visit} /> },
            ]}
          />
        </Card>
        <Pagination visit={visit} path={PATH} next={next} words={{ first: "Beginning", next: "More" }} />
        {invitations.length > 0 && <Invitations invitations={invitations} visit={visit} />}
        <Invite visit={visit} />
      </Page>
    ),

    actions: {
      invite: {
        role: "owner",
        async perform(_, form) {
          const { email, url } = await links.invite(form.required("email"), roleOf(form));
          return { once: { url, use: `${email ?? ""} chooses a password with it. It works once, for seven days.` } };
        },
      },
      withdraw: {
        role: "owner",
        async perform(_, form) {
          await links.withdraw(form.text("id"));
          return { notice: "The invitation is withdrawn; its link leads nowhere." };
        },
      },
      change: {
        role: "owner",
        async perform(_, form) {
          const { email, role } = await admins.setRole(form.text("id"), roleOf(form));
          return { notice: `${email} is now ${withArticle(role)}.` };
        },
      },
      disable: {
        role: "owner",
        async perform(_, form) {
          const { email } = await admins.disable(form.text("id"));
          return { notice: `${email} has no access any more.` };
        },
      },
      enable: {
        role: "owner",
        async perform(_, form) {
          const { email } = await admins.enable(form.text("id"));
          return { notice: `${email} has access again.` };
        },
      },
      reset: {
        role: "owner",
        async perform(_, form) {
          const { email, url } = await links.reset(form.text("email"));
          return {
            once: { url, use: `${email ?? ""} chooses a new password with it. It works once, for half an hour.` },
          };
        },
      },
    },
  });

function roleOf(form: SentForm): Role {
  const role = form.text("role");
  if (isRole(role)) return role;
  throw new AppError("invalid", "Choose a role.", { details: [{ path: "role", message: "Choose a role." }] });
}

const withArticle = (role: Role): string => (role === "viewer" ? "a viewer" : `an ${role}`);

/** Nothing is sent by mail: whoever made the link hands it on. */
function NewLink({ visit }: { visit: Visit }) {
  const { url, use } = visit.flash?.once ?? {};
  if (url === undefined) return null;
  return (
    <Notice tone="good" title="Copy this link now, and hand it on. It cannot be shown again.">
      <CodeBlock code={url} label="Link" />
      <p>{use}</p>
    </Notice>
  );
}

function Person({ admin: { id, email, disabledAt }, visit }: { admin: Admin; visit: Visit }) {
  return (
    <>
      {email} {id === visit.admin.id && <Badge>You</Badge>}
      {disabledAt !== null && <Badge tone="warning">No access</Badge>}
    </>
  );
}

function Invitations({ invitations, visit }: { invitations: readonly Invitation[]; visit: Visit }) {
  return (
    <Card title="Invited" flush>
      <Table
        label="Invitations"
        rows={invitations}
        columns={[
          { title: "E-mail", cell: ({ email }) => email },
          { title: "Role", cell: ({ role }) => capitalised(role) },
          { title: "Link ends", cell: ({ expiresAt }) => <Time at={expiresAt} now={visit.now} /> },
          {
            title: "",
            end: true,
            cell: ({ id }) => (
              <Form action={visit.action("withdraw")} inline>
                <Hidden name="id" value={id} />
                <Button>Withdraw</Button>
              </Form>
            ),
          },
        ]}
      />
    </Card>
  );
}

function Invite({ visit }: { visit: Visit }) {
  const form = visit.form("invite");
  return (
    <Card title="Invite somebody">
      <Form action={visit.action("invite")}>
        <div class="field-grid">
          <Field label="E-mail" type="email" autocomplete="off" required {...form.field("email")} />
          <Select
            label="Role"
            {...form.field("role", "editor")}
            options={[
              { value: "viewer", label: "Viewer: looks" },
              { value: "editor", label: "Editor: changes passes" },
              { value: "owner", label: "Owner: does everything" },
            ]}
          />
        </div>
        <Button tone="primary">Make an invitation link</Button>
      </Form>
    </Card>
  );
}
