/** @jsxImportSource preact */
import { Live } from "../../components/live.tsx";
import { Time } from "../../components/time.tsx";
import type { Visit } from "../../visit.ts";
import { whoIs } from "../../words.ts";
import type { Arrival } from "./arrival.ts";

/** Waits for the first webhook, and turns green or red when it comes. */
export function ArrivalPart({ arrival, visit }: { arrival: Arrival; visit: Visit }) {
  return (
    <Live visit={visit}>
      <Words arrival={arrival} visit={visit} />
    </Live>
  );
}

function Words({ arrival, visit }: { arrival: Arrival; visit: Visit }) {
  switch (arrival.type) {
    case "none":
      return (
        <section class="headline waiting">
          <span class="dot" aria-hidden="true" />
          <div>
            <h2>Waiting for your first webhook…</h2>
            <p>In Klaviyo, open Preview of the webhook and send a test. What comes of it shows here by itself.</p>
          </div>
        </section>
      );
    case "pass": {
      const { pass, recipient } = arrival.found;
      return (
        <section class="headline good">
          <span class="dot" aria-hidden="true" />
          <div>
            <h2>Webhooks arrive</h2>
            <p>
              The last one came <Time at={pass.createdAt} now={visit.now} /> and made a pass for{" "}
              <a href={visit.to(`/passes/${pass.serial}`)}>{whoIs(recipient) ?? "somebody unknown"}</a>.
            </p>
          </div>
        </section>
      );
    }
    case "rejected": {
      const { id, at, error, details } = arrival.request;
      return (
        <section class="headline bad">
          <span class="dot" aria-hidden="true" />
          <div>
            <h2>A request arrived, and was refused</h2>
            <p>
              It came <Time at={at} now={visit.now} />. {details.length === 0 ? error : "This is wrong with it:"}
            </p>
            {details.length > 0 && (
              <ul class="examples">
                {details.slice(0, 5).map(({ path, message }) => (
                  <li key={path + message}>
                    {path && <code>{path}</code>} {message}
                  </li>
                ))}
              </ul>
            )}
            <p>
              <a href={visit.to(`/rejected/${id}`)}>See what was sent</a>
            </p>
          </div>
        </section>
      );
    }
    default:
      return arrival satisfies never;
  }
}
