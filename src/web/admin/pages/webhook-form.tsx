/** @jsxImportSource preact */
import type { WebhookInput } from "../../../webhooks/check-webhook.ts";
import { KNOWN_EVENT_TYPES } from "../../../webhooks/webhook.ts";
import { Checkbox, Checkboxes } from "../components/checkbox.tsx";
import { Field } from "../components/field.tsx";
import type { FormState } from "../form-state.ts";
import type { SentForm } from "../sent-form.ts";
import { EVENT_WORDS } from "./webhook-words.ts";

/** What can be said about a webhook, new or known. */
export function WebhookFields({ form, initial }: { form: FormState; initial: WebhookInput }) {
  // Of what is not ticked, a form that was refused has no value.
  const ticked = (name: string, before: boolean) => form.field(name, before && !form.refused ? "true" : "");
  return (
    <>
      <Field
        label="What it is for"
        required
        hint="For example the system that is told."
        {...form.field("name", initial.name)}
      />
      <Field
        label="Address"
        type="url"
        mono
        required
        placeholder="https://example.com/hooks/passes"
        hint="Events are posted to it, over https."
        {...form.field("url", initial.url)}
      />
      <Checkboxes
        label="It is told when"
        error={form.field("subscribedEvents").error && "Tick at least one: without any it is told nothing."}
      >
        {KNOWN_EVENT_TYPES.map((type) => (
          <Checkbox
            key={type}
            label={EVENT_WORDS[type]}
            {...ticked(type, initial.subscribedEvents.includes(type))}
            hint={<code>{type}</code>}
          />
        ))}
      </Checkboxes>
      <Checkboxes label="What is sent">
        <Checkbox
          label="Also the values of the pass's fields"
          {...ticked("includeValues", initial.includeValues)}
          hint="They may be personal. The serial number and the state are always sent."
        />
      </Checkboxes>
    </>
  );
}

export const webhookInputIn = (form: SentForm): WebhookInput => ({
  name: form.text("name"),
  url: form.text("url"),
  subscribedEvents: KNOWN_EVENT_TYPES.filter((type) => form.has(type)),
  includeValues: form.has("includeValues"),
});
