/** @jsxImportSource preact */
import type { DifferenceGroup } from "../../../../templates/differences.ts";
import type { Draft } from "../../../../templates/drafts/drafts.ts";
import type { TemplateVersion } from "../../../../templates/template-store.ts";
import { Button } from "../../components/button.tsx";
import { Card } from "../../components/card.tsx";
import { Confirm } from "../../components/confirm.tsx";
import { Form } from "../../components/form.tsx";
import { Time } from "../../components/time.tsx";
import type { Visit } from "../../visit.ts";
import { Differences } from "./differences.tsx";

/** Of the card, for links to it. */
export const CONFLICT_ID = "conflict";

export interface ConflictProps {
  readonly draft: Draft;
  /** The version that is there by now. */
  readonly saved: TemplateVersion;
  readonly theirs: readonly DifferenceGroup[];
  readonly mine: readonly DifferenceGroup[];
  readonly visit: Visit;
}

/** Somebody else saved the template while this draft was written: what they changed, and the ways on. */
export function Conflict({ draft, saved, theirs, mine, visit }: ConflictProps) {
  return (
    <div id={CONFLICT_ID}>
      <Card title={`Version ${saved.version} was saved while you were working on version ${draft.basedOn}`}>
        <p>
          By {saved.author ?? "somebody"}, <Time at={saved.createdAt} now={visit.now} />. Your draft is kept until you
          decide. To keep both, take over into your draft what you want of theirs, then save it over theirs.
        </p>
        <div class="two-sides">
          <section>
            <h2>What they changed</h2>
            <Differences groups={theirs} />
          </section>
          <section>
            <h2>What you changed</h2>
            <Differences groups={mine} />
          </section>
        </div>
        <div class="stack">
          <Confirm label="Save mine over theirs…">
            <Form action={visit.action("overwrite")}>
              <p>
                Your draft becomes version {saved.version + 1}. What they changed is undone where your draft says
                otherwise; their version stays in the list.
              </p>
              <Button tone="danger">Save mine over theirs</Button>
            </Form>
          </Confirm>
          <Confirm label="Throw mine away…">
            <Form action={visit.action("discard")}>
              <p>Your draft is gone, theirs stays.</p>
              <Button tone="danger">Throw mine away</Button>
            </Form>
          </Confirm>
        </div>
      </Card>
    </div>
  );
}
