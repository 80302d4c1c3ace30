/** @jsxImportSource preact */
import type { GateFacts } from "../../../../klaviyo/gates.ts";
import { shareOf } from "../../../../klaviyo/limits.ts";
import type { StoredStatus } from "../../../../klaviyo/status.ts";
import { Button } from "../../components/button.tsx";
import { Card } from "../../components/card.tsx";
import { Field } from "../../components/field.tsx";
import { Form } from "../../components/form.tsx";
import type { Visit } from "../../visit.ts";
import { GoesOn } from "./goes-on.tsx";
import { FAMILY_WORDS } from "./words.ts";

interface LimitsProps {
  readonly status: StoredStatus;
  readonly gates: readonly GateFacts[];
  readonly visit: Visit;
}

/** How much of Klaviyo's limits is ours, and how much of that was used in the last minute. */
export function Limits({ status: { sharePercent }, gates, visit }: LimitsProps) {
  const busy = gates.filter(({ lastMinute, closedUntil }) => lastMinute > 0 || closedUntil !== null);
  return (
    <Card title="Klaviyo's limits">
      <p class="aside">
        Klaviyo allows so many requests a minute to your whole account, whoever sends them. Passhook takes{" "}
        {sharePercent} % of each at most, and leaves the rest to your other tools.
      </p>
      {busy.length === 0 ? (
        <p class="aside">Nothing was sent in the last minute.</p>
      ) : (
        <ul class="gates">
          {busy.map(({ family, limit, lastMinute, closedUntil }) => {
            const { perMinute } = shareOf(limit, sharePercent);
            return (
              <li key={family}>
                <span>{FAMILY_WORDS[family]}</span>
                <meter value={lastMinute} max={perMinute} aria-label={`${FAMILY_WORDS[family]} in the last minute`} />
                <small>
                  {lastMinute.toLocaleString("en")} of {perMinute.toLocaleString("en")} in the last minute
                  {closedUntil !== null && (
                    <>
                      . Pauses; <GoesOn at={closedUntil} now={visit.now} />
                    </>
                  )}
                </small>
              </li>
            );
          })}
        </ul>
      )}
      {visit.may("owner") && (
        <Form action={visit.action("share")}>
          <Field
            label="Our share, in percent"
            type="number"
            inputmode="numeric"
            hint="70 at first. Less leaves more to others; a backlog then takes longer."
            {...visit.form("share").field("share", String(sharePercent))}
          />
          <Button>Save the share</Button>
        </Form>
      )}
    </Card>
  );
}
