/** @jsxImportSource preact */
import { Fragment } from "preact";
import type { AccountTraffic, WebhookCounts } from "../../../api/account-traffic.ts";
import type { StoredStatus } from "../../../klaviyo/status.ts";
import { Card } from "../components/card.tsx";
import { ColumnChart } from "../components/column-chart.tsx";
import { EmptyState } from "../components/empty-state.tsx";
import { Facts } from "../components/facts.tsx";
import { Figures } from "../components/figures.tsx";
import { Time } from "../components/time.tsx";
import type { Visit } from "../visit.ts";
import { durationWords, perMinute } from "../words.ts";
import { waitingJobs } from "./klaviyo/health.ts";

export interface TrafficProps {
  readonly traffic: AccountTraffic;
  readonly klaviyo: StoredStatus;
  readonly visit: Visit;
}

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** What came in, and how soon Klaviyo knew: in the last 24 hours, or since the server started. */
export function TrafficCards({ traffic, klaviyo, visit }: TrafficProps) {
  return (
    <div class="columns">
      <div>
        <WebhooksCard traffic={traffic} visit={visit} />
      </div>
      <div>
        <KlaviyoCard traffic={traffic} klaviyo={klaviyo} visit={visit} />
      </div>
    </div>
  );
}

function WebhooksCard({ traffic: { hours, webhooks, startedAt }, visit }: Pick<TrafficProps, "traffic" | "visit">) {
  const now = hours.at(-1)?.webhooks;
  const lastHour = now ? countWebhooks(now) : 0;
  const since = <Since startedAt={startedAt} now={visit.now} />;
  if (countWebhooks(webhooks) === 0) {
    return (
      <Card title="Webhooks received" aside={since}>
        <EmptyState icon="pulse" title="None came">
          <p>Each hour's webhooks are shown here, with those that were refused.</p>
        </EmptyState>
      </Card>
    );
  }
  const values = (countOf: (counts: WebhookCounts) => number) => hours.map((hour) => countOf(hour.webhooks));
  return (
    <Card title="Webhooks received" aside={since}>
      <ColumnChart
        label="Webhooks of each hour"
        steps={hours.map(({ from }) => `${timeOf(from)} to ${timeOf(from + HOUR_MS)} UTC`)}
        names={["24 hours ago", "12 hours ago", "now"]}
        series={[
          { name: "Taken", look: "first", values: values(takenOf) },
          { name: "Refused", look: "bad", values: values(({ refused }) => refused) },
          { name: "Asked to come again", look: "third", values: values(({ unavailable }) => unavailable) },
        ]}
      />
      <Facts
        facts={[
          ["Last hour", lastHour === 0 ? "none" : `${lastHour.toLocaleString("en")}, ${perMinute(lastHour / 60)}`],
          ["Of those taken", outcomeWords(webhooks)],
          ["Refused", webhooks.refused > 0 && <a href={visit.to("/rejected")}>See why, and send them again</a>],
        ]}
      />
    </Card>
  );
}

function KlaviyoCard({ traffic: { told, toldWithin }, klaviyo, visit }: TrafficProps) {
  const link = <a href={visit.to("/klaviyo")}>Look at Klaviyo</a>;
  if (klaviyo.mode === "sandbox") {
    return (
      <Card title="Klaviyo knows after" aside={link}>
        <p class="aside">
          This account is a sandbox: what Klaviyo would be told is recorded, and nothing is sent. Once it is connected,
          its delay is shown here.
        </p>
      </Card>
    );
  }
  const waiting = waitingJobs(klaviyo);
  const { oldestWaitingSince: oldest } = klaviyo;
  return (
    <Card title="Klaviyo knows after" aside={link}>
      <Figures
        figures={[
          { name: "Half of the changes", value: told === 0 ? "–" : longest(toldWithin.half) },
          { name: "95 of 100", value: told === 0 ? "–" : longest(toldWithin.most) },
          { name: "Changes told", value: told.toLocaleString("en") },
          {
            name: "Messages waiting",
            value: waiting.toLocaleString("en"),
            note: waiting > 0 && oldest !== null && (
              <Fragment>
                the oldest came <Time at={Date.parse(oldest)} now={visit.now} />
              </Fragment>
            ),
          },
        ]}
      />
      {klaviyo.mode === "disconnected" && <p class="aside">Klaviyo is disconnected: what it should know waits.</p>}
    </Card>
  );
}

function Since({ startedAt, now }: { startedAt: number; now: number }) {
  if (now - startedAt >= DAY_MS) return <span class="faint">in the last 24 hours</span>;
  return (
    <span class="faint">
      since the server started <Time at={startedAt} now={now} />
    </span>
  );
}

export const countWebhooks = (counts: WebhookCounts): number =>
  Object.values(counts).reduce((sum, count) => sum + count, 0);
const takenOf = ({ created, updated, unchanged }: WebhookCounts): number => created + updated + unchanged;

function outcomeWords({ created, updated, unchanged }: WebhookCounts): string {
  const parts = [
    [created, "made a pass"],
    [updated, "changed one"],
    [unchanged, "said nothing new"],
  ] as const;
  return parts
    .filter(([count]) => count > 0)
    .map(([count, words]) => `${count.toLocaleString("en")} ${words}`)
    .join(", ");
}

const timeOf = (at: number): string => new Date(at).toISOString().slice(11, 16);
const longest = (seconds: number | undefined): string =>
  seconds === undefined ? "> 7 days" : `≤ ${durationWords(seconds)}`;
