/** @jsxImportSource preact */
import type { ComponentChildren } from "preact";
import type { JobRow } from "../../../outbox/outbox-store.ts";
import type { LifecycleEventKind } from "../../../passes/pass.ts";
import type { PassEvent } from "../../../passes/pass-store.ts";
import type { WholePass } from "../../../passes/whole-pass.ts";
import type { TemplateDefinition } from "../../../templates/definition.ts";
import type { Tone } from "../components/badge.tsx";
import { Card } from "../components/card.tsx";
import { Time } from "../components/time.tsx";
import type { Visit } from "../visit.ts";
import { jobKindWords } from "../words.ts";
import { jobReasonWords } from "./klaviyo/words.ts";
import { labelOf } from "./pass-fields.tsx";
import { type HoldingDevice, shortDeviceId } from "./pass-parts.tsx";

interface Moment {
  readonly at: number;
  readonly tone: Tone;
  readonly text: ComponentChildren;
}

export interface PassTimelineProps {
  readonly whole: WholePass;
  readonly events: readonly PassEvent[];
  /** The phones that hold it. */
  readonly devices: readonly HoldingDevice[];
  /** What still has to be told to others, or was given up. */
  readonly jobs: readonly JobRow[];
  readonly visit: Visit;
}

/** What happened to the pass, the newest first; above it, what is still to happen. */
export function PassTimeline({ whole: { pass, template }, events, devices, jobs, visit }: PassTimelineProps) {
  const moments: Moment[] = events.map(({ at, kind, changedFields }) => ({
    at,
    tone: EVENT_TONES[kind],
    text: eventText(kind, changedFields, template.definition),
  }));
  if (pass.fetchedAt !== null) moments.push({ at: pass.fetchedAt, tone: "plain", text: "Downloaded by its link" });
  if (pass.personalizedAt !== null) {
    moments.push({ at: pass.personalizedAt, tone: "good", text: "Signed up on the phone" });
  }
  if (pass.writtenBackAt !== null) {
    moments.push({ at: pass.writtenBackAt, tone: "good", text: "Written back to Klaviyo last" });
  }
  for (const { deviceId, lastPushAt, registeredAt } of devices) {
    // A push is of all passes on a phone, so one before the pass was added is none of its history.
    if (lastPushAt === null || lastPushAt < registeredAt) continue;
    moments.push({
      at: lastPushAt,
      tone: "good",
      text: (
        <>
          Phone <code>{shortDeviceId(deviceId)}</code> told to look for changes
        </>
      ),
    });
  }
  // What came in one moment stays in the order in which it was stored.
  const newestFirst = moments.reverse().toSorted((a, b) => b.at - a.at);
  return (
    <Card title="History">
      <ol class="timeline">
        {jobs.map((job) => (
          <li key={job.id} class={job.state === "dead" ? "bad" : "pending"}>
            <JobText job={job} visit={visit} />
          </li>
        ))}
        {newestFirst.map(({ at, tone, text }, i) => (
          <li key={String(i)} class={tone}>
            <span>{text}</span> <Time at={at} now={visit.now} />
          </li>
        ))}
      </ol>
    </Card>
  );
}

function JobText({ job: { kind, state, lastError, runAt }, visit }: { job: JobRow; visit: Visit }) {
  const words = jobKindWords(kind);
  if (state === "dead") {
    return (
      <>
        <span>{words}: given up</span> <a href={visit.to("/outbox", { state: "dead" })}>Try again</a>
        <p>{lastError && jobReasonWords(kind, lastError)}</p>
      </>
    );
  }
  return (
    <>
      <span>
        {words}: {state === "leased" ? "being written" : "still to be written"}
      </span>{" "}
      {runAt > visit.now && <Time at={runAt} now={visit.now} />}
      {lastError && <p>{jobReasonWords(kind, lastError)}</p>}
    </>
  );
}

const EVENT_TONES: Readonly<Record<LifecycleEventKind, Tone>> = {
  created: "accent",
  installed: "good",
  updated: "plain",
  uninstalled: "warning",
  deleted: "bad",
};

function eventText(
  kind: LifecycleEventKind,
  changedFields: readonly string[],
  { fields }: TemplateDefinition,
): ComponentChildren {
  switch (kind) {
    case "created":
      return "Issued";
    case "installed":
      return "Added to a wallet";
    case "updated":
      return changedFields.length > 0
        ? `Changed: ${changedFields.map((name) => labelOf(name, fields[name])).join(", ")}`
        : "Changed";
    case "uninstalled":
      return "Removed from the last wallet";
    case "deleted":
      return "Deleted";
    default:
      return kind satisfies never;
  }
}
