/** @jsxImportSource preact */
import type { Pass } from "../../../passes/pass.ts";
import { Button } from "../components/button.tsx";
import { Card } from "../components/card.tsx";
import { Confirm } from "../components/confirm.tsx";
import { Field } from "../components/field.tsx";
import { Form } from "../components/form.tsx";
import type { Visit } from "../visit.ts";

export interface PassActionsProps {
  readonly pass: Pass;
  readonly visit: Visit;
  readonly hasPhones: boolean;
  /** Nothing is sent to Klaviyo. */
  readonly sandbox: boolean;
}

/** What can be done with a pass beside changing its values. */
export function PassActions({ pass, visit, hasPhones, sandbox }: PassActionsProps) {
  const deletion = visit.form("delete");
  return (
    <Card title="Actions">
      <div class="stack">
        <Form action={visit.action("write-back")} inline>
          <Button>Send to Klaviyo again</Button>
        </Form>
        {sandbox && <p class="aside">The account is a sandbox: it is recorded, and nothing is sent.</p>}
        {hasPhones && (
          <Form action={visit.action("push")} inline>
            <Button>Tell its phones again</Button>
          </Form>
        )}
        {pass.state !== "deleted" && (
          <>
            {pass.voided ? (
              <Form action={visit.action("unvoid")} inline>
                <Button>Make it good again</Button>
              </Form>
            ) : (
              <Confirm label="Void…">
                <Form action={visit.action("void")}>
                  <p>Phones show the pass as void. You can make it good again.</p>
                  <Button tone="danger">Void the pass</Button>
                </Form>
              </Confirm>
            )}
            <Confirm label="Delete…" tone="danger" open={deletion.refused}>
              <Form action={visit.action("delete")}>
                <p>
                  This cannot be undone: the link leads nowhere, phones show the pass void, and its serial number is
                  never used again.
                </p>
                <Field label="Type delete to go on" autocomplete="off" {...deletion.field("confirm")} />
                <Button tone="danger">Delete the pass</Button>
              </Form>
            </Confirm>
          </>
        )}
      </div>
    </Card>
  );
}
