/** @jsxImportSource preact */
import { looksLikeSerial } from "../../../../ids.ts";
import type { StoredStatus } from "../../../../klaviyo/status.ts";
import { LinkButton } from "../../components/button.tsx";
import { Card } from "../../components/card.tsx";
import { PassLink } from "../../components/pass-link.tsx";
import type { Visit } from "../../visit.ts";
import { kindWords, reasonWords } from "./words.ts";

/** The last messages that Klaviyo did not take for good. */
export function GivenUp({ dead, visit }: { dead: StoredStatus["dead"]; visit: Visit }) {
  if (dead.length === 0) return null;
  return (
    <Card
      title="Given up"
      flush
      aside={<LinkButton href={visit.to("/outbox", { state: "dead" })}>See all and try again</LinkButton>}
    >
      <ul class="list">
        {dead.map(({ id, kind, serial, error }) => (
          <li key={id}>
            <strong>{kindWords(kind)}</strong>
            {looksLikeSerial(serial) && (
              <>
                {" of "}
                <PassLink serial={serial} visit={visit} />
              </>
            )}
            <small>{reasonWords(error ?? "No reason was kept.")}</small>
          </li>
        ))}
      </ul>
    </Card>
  );
}
