/** @jsxImportSource preact */
import { randomUUID } from "node:crypto";
import { AppError } from "../../../../errors.ts";
import type { FieldDefinition, FieldType } from "../../../../templates/definition.ts";
import { isEmail } from "../../../../templates/field-values.ts";
import type { GivenValue } from "../../../../templates/fill.ts";
import { definePage } from "../../admin-page.ts";
import { Button } from "../../components/button.tsx";
import { Card } from "../../components/card.tsx";
import { Field } from "../../components/field.tsx";
import { Form } from "../../components/form.tsx";
import { Page } from "../../components/page.tsx";
import type { PageDependencies } from "../../page-dependencies.ts";
import { capitalised } from "../../words.ts";

/** A pass to try a template with. Without an e-mail address it belongs to nobody whom Klaviyo could know. */
export const testPassPage = ({ issuer, templates }: Pick<PageDependencies, "issuer" | "templates">) =>
  definePage({
    path: "/templates/:template/test",
    section: "templates",
    role: "editor",
    title: () => "Test pass",
    load: ({ account, params }) => templates.current(account.id, params["template"] ?? ""),

    render(template, visit) {
      const form = visit.form("issue");
      const { name, fields } = template.definition;
      return (
        <Page
          title="Issue a test pass"
          lead="A real pass of this template, for your own phone. It counts among those that were issued until you delete it."
          back={{ href: visit.to(`/templates/${template.id}`), label: name }}
        >
          <Card>
            <Form action={visit.action("issue")}>
              <div class="field-grid">
                <Field label="Name" autocomplete="name" {...form.field("recipient.name", "Test")} />
                <Field
                  label="E-mail address"
                  type="email"
                  autocomplete="email"
                  hint="Leave it empty, and Klaviyo is told nothing. With it, the pass is written to that person's profile, as a flow's would be."
                  {...form.field("recipient.email")}
                />
                {Object.entries(fields).map(([field, definition]) => (
                  <Field
                    key={field}
                    label={definition.label ?? capitalised(field.replace(/[._-]+/g, " "))}
                    required={definition.required === true && definition.default === undefined}
                    placeholder={definition.default === undefined ? "" : String(definition.default)}
                    autocomplete="off"
                    {...form.field(`pass.${field}`, exampleOf(definition))}
                  />
                ))}
              </div>
              <Button tone="primary">Issue the pass</Button>
            </Form>
          </Card>
        </Page>
      );
    },

    actions: {
      issue: {
        role: "editor",
        async perform({ account, params }, form) {
          const template = await templates.current(account.id, params["template"] ?? "");
          const given = Object.keys(template.definition.fields).map((field): [string, GivenValue] => {
            const text = form.text(`pass.${field}`);
            return [field, text === "" ? { kind: "missing" } : { kind: "text", text }];
          });
          const email = form.text("recipient.email");
          if (email !== "" && !isEmail(email)) {
            const details = [{ path: "recipient.email", message: "must be an e-mail address, or empty" }];
            throw new AppError("invalid", "The pass was not issued.", { details });
          }
          const issued = issuer.issue({
            accountId: account.id,
            template,
            given: new Map(given),
            recipient: { name: form.text("recipient.name") || null, email: email || null },
            // Pressing the button twice is asking twice.
            bodyHash: randomUUID(),
          });
          const { pass } = await issued.catch(inWordsOfTheForm);
          return {
            to: `/passes/${pass.serial}`,
            notice: "The test pass is issued. To put it on your phone, scan the code under Wallet link.",
          };
        },
      },
    },
  });

/** What is wrong stands at the inputs. */
function inWordsOfTheForm(error: unknown): never {
  if (!(error instanceof AppError && error.code === "invalid")) throw error;
  throw new AppError("invalid", "The pass was not issued: there is something to mend first.", {
    details: error.details,
  });
}

/** What a person would type: the example, else something of that type where it must be given. */
function exampleOf({ example, required, default: value, type }: FieldDefinition): string {
  return example ?? (required && value === undefined ? SAMPLES[type] : "");
}

const SAMPLES: Readonly<Record<FieldType, string>> = {
  text: "Test",
  number: "1",
  date: "2030-01-31",
  boolean: "true",
  email: "test@example.com",
  phone: "+15005550006",
  url: "https://www.example.com/",
  colour: "#285078",
};
