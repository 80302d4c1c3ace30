/** @jsxImportSource preact */
import type { WebhookInput } from "../../../webhooks/check-webhook.ts";
import { KNOWN_EVENT_TYPES } from "../../../webhooks/webhook.ts";
import { CheckBox, CheckBoxes } from "../components/check-box.tsx";
import { Field } from "../components/field.tsx";
import type { FormState } from "../form-state.ts";
import type { SentForm } from "../sent-form.ts";
import { EVENT_WORDS } from "./webhook-words.ts";

/** What can be said about a webhook, new or known. */
export function WebhookFields({ form, initial }: { form: FormState; initial: WebhookInput }) {
  const isTicked = (name: string, before: boolean): boolean => (form.refused ? form.field(name).value !== "" : before);
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
      <CheckBoxes label="It is told when" error={form.field("subscribedEvents").error}>
        {KNOWN_EVENT_TYPES.map((type) => (
          <CheckBox
            key={type}
            label={EVENT_WORDS[type]}
            name={type}
            checked={isTicked(type, initial.subscribedEvents.includes(type))}
            hint={<code>{type}</code>}
          />
        ))}
      </CheckBoxes>
      <CheckBoxes label="What is sent">
        <CheckBox
          label="Also the values of the pass's fields"
          name="includeValues"
          checked={isTicked("includeValues", initial.includeValues)}
          hint="They may be personal. The serial number and the state are always sent."
        />
      </CheckBoxes>
    </>
  );
}

export const webhookInputIn = (form: SentForm): WebhookInput => ({
  name: form.text("name"),
  url: form.text("url"),
  subscribedEvents: KNOWN_EVENT_TYPES.filter((type) => form.has(type)),
  includeValues: form.has("includeValues"),
});
