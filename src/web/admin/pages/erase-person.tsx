/** @jsxImportSource preact */
import type { Recipient } from "../../../passes/recipient-store.ts";
import { Button } from "../components/button.tsx";
import { Card } from "../components/card.tsx";
import { Confirm } from "../components/confirm.tsx";
import { Field } from "../components/field.tsx";
import { Form } from "../components/form.tsx";
import type { Visit } from "../visit.ts";

/** For a person who asks to be forgotten. Not shown for one who was erased already. */
export function ErasePerson({ recipient, visit }: { recipient: Recipient; visit: Visit }) {
  const { name, email, phone, externalId, klaviyoId } = recipient;
  const form = visit.form("erase");
  if ([name, email, phone, externalId, klaviyoId].every((known) => known === null)) return null;
  return (
    <Card title="The person">
      <Confirm label="Erase the person…" tone="danger" open={form.refused}>
        <Form action={visit.action("erase")}>
          <p>
            For somebody who asks for it by law. All of their passes end and turn blank on phones, what is stored of
            them here is removed, and Klaviyo is asked to forget their profile. This cannot be undone. Backups made
            before still hold them.
          </p>
          <Field label="Type erase to go on" autocomplete="off" {...form.field("confirm-erase")} />
          <Button tone="danger">Erase the person</Button>
        </Form>
      </Confirm>
    </Card>
  );
}
