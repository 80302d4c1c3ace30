/** @jsxImportSource preact */
import type { Admin } from "../../../admins/admin-store.ts";
import { ROLES } from "../../../admins/role.ts";
import { Button } from "../components/button.tsx";
import { Confirm } from "../components/confirm.tsx";
import { Select } from "../components/field.tsx";
import { Form, Hidden } from "../components/form.tsx";
import type { Visit } from "../visit.ts";
import { capitalised } from "../words.ts";

/** What an owner can do about one admin. */
export function AdminControls({ admin: { id, email, role, disabledAt }, visit }: { admin: Admin; visit: Visit }) {
  if (disabledAt !== null) {
    return (
      <Form action={visit.action("enable")} inline>
        <Hidden name="id" value={id} />
        <Button>Give access again</Button>
      </Form>
    );
  }
  return (
    <Confirm label="Change…">
      <Form action={visit.action("change")}>
        <Hidden name="id" value={id} />
        <Select
          label="Role"
          name="role"
          value={role}
          options={ROLES.map((value) => ({ value, label: capitalised(value) }))}
        />
        <Button>Save the role</Button>
      </Form>
      <Form action={visit.action("reset")}>
        <Hidden name="email" value={email} />
        <Button>Make a link for a new password</Button>
      </Form>
      <Form action={visit.action("disable")}>
        <Hidden name="id" value={id} />
        <Button tone="danger">Take access away</Button>
      </Form>
    </Confirm>
  );
}
