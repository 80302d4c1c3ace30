/** @jsxImportSource preact */
import { EXTERNAL_ID_POLICIES } from "../../../../accounts/accounts.ts";
import { definePage } from "../../admin-page.ts";
import { Button } from "../../components/button.tsx";
import { Card } from "../../components/card.tsx";
import { Form } from "../../components/form.tsx";
import { Page } from "../../components/page.tsx";
import type { PageDependencies } from "../../page-dependencies.ts";
import type { Visit } from "../../visit.ts";
import { KlaviyoTabs } from "./tabs.tsx";

type Policy = Visit["account"]["externalIdPolicy"];

const POLICIES: Readonly<Record<Policy, { readonly title: string; readonly text: string }>> = {
  set: {
    title: "It becomes the pass's serial number",
    text: "As recipes for PassNinja expect. Right where nobody else uses the external id. Emails can then link to a pass with {{ person.external_id }}.",
  },
  leave: {
    title: "Leave it alone",
    text: "Right where your shop keeps its own customer number there. The pass's link is on the profile all the same, as a property.",
  },
};

/** Whether passes may write to a profile's external id. */
export const externalIdPage = ({ accounts }: Pick<PageDependencies, "accounts">) =>
  definePage({
    path: "/klaviyo/external-id",
    section: "klaviyo",
    role: "viewer",
    title: () => "External id",
    load: async () => undefined,

    render: (_, visit) => (
      <Page
        title="Klaviyo"
        lead="Every Klaviyo profile has a place for one id of yours, the external id. A pass's serial number can go there, but only if nothing of yours is overwritten."
      >
        <KlaviyoTabs visit={visit} at="/klaviyo/external-id" />
        <Card title="Where a webhook does not say what the profile's external id is">
          <Form action={visit.action("save")}>
            <fieldset class="choices" disabled={!visit.may("owner")}>
              <legend class="unseen">External id</legend>
              {EXTERNAL_ID_POLICIES.map((policy) => (
                <label key={policy}>
                  <input
                    type="radio"
                    name="policy"
                    value={policy}
                    checked={policy === visit.account.externalIdPolicy}
                  />
                  <span>
                    <strong>{POLICIES[policy].title}</strong>
                    <small>{POLICIES[policy].text}</small>
                  </span>
                </label>
              ))}
            </fieldset>
            {visit.may("owner") ? (
              <Button tone="primary">Save</Button>
            ) : (
              <p class="aside">Only an owner can change this.</p>
            )}
          </Form>
        </Card>
        <Card title="Where it does say so">
          <p>
            The webhooks that you copy here send <code>externalId</code>, so most flows need no rule:
          </p>
          <ul class="examples">
            <li>
              <strong>The profile has none:</strong> it becomes the serial number.
            </li>
            <li>
              <strong>It holds a serial number:</strong> it stays, or becomes that of the person's newer pass.
            </li>
            <li>
              <strong>It holds anything else, an id of your own:</strong> it is never touched.
            </li>
          </ul>
        </Card>
      </Page>
    ),

    actions: {
      save: {
        role: "owner",
        async perform({ account }, form) {
          const externalIdPolicy = EXTERNAL_ID_POLICIES.find((known) => known === form.required("policy"));
          await accounts.update(account.id, externalIdPolicy ? { externalIdPolicy } : {});
          return { notice: "The rule is saved. It holds for what is written from now on." };
        },
      },
    },
  });
