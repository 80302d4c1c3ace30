/** @jsxImportSource preact */
import { type Activity, type ActivityStep, readActivity } from "../../../passes/activity.ts";
import type { TemplateRow } from "../../../templates/template-store.ts";
import { Button } from "../components/button.tsx";
import { Card } from "../components/card.tsx";
import { Select } from "../components/field.tsx";
import { Funnel } from "../components/funnel.tsx";
import { LineChart } from "../components/line-chart.tsx";
import type { PageDependencies } from "../page-dependencies.ts";
import type { Visit } from "../visit.ts";

const RANGES = [
  { days: 30, label: "30 days" },
  { days: 90, label: "90 days" },
  { days: 365, label: "A year" },
] as const;
const DAY_MS = 24 * 3_600_000;
const MAX_TEMPLATES = 200;

export interface ShownActivity extends Activity {
  readonly days: number;
  readonly templateId: string | undefined;
  readonly templates: readonly TemplateRow[];
}

/** What happened to passes, in the range and of the template that the address asks for. */
export async function loadActivity(
  { db, templates }: Pick<PageDependencies, "db" | "templates">,
  { account: { id: accountId }, query, now }: Visit,
): Promise<ShownActivity> {
  const { items } = await templates.list(accountId, { limit: MAX_TEMPLATES });
  const templateId = items.find(({ id }) => id === query.get("template"))?.id;
  const { days } = RANGES.find((range) => String(range.days) === query.get("days")) ?? RANGES[0];
  return { ...(await readActivity(db.read, { accountId, templateId, days, now })), days, templateId, templates: items };
}

/** Issued, added and removed over time, and how many go all the way. */
export function ActivityCard({ activity, visit }: { activity: ShownActivity; visit: Visit }) {
  const { steps, totals, days, templateId } = activity;
  return (
    <Card title="Passes over time" aside={<Ranges days={days} templateId={templateId} visit={visit} />}>
      {activity.templates.length > 1 && <ChooseTemplate activity={activity} visit={visit} />}
      <LineChart
        label="Passes issued, added to a wallet and removed from it"
        steps={steps.map(nameOf)}
        series={[
          { name: "Issued", look: "first", values: steps.map(({ issued }) => issued) },
          { name: "Added to a wallet", look: "second", values: steps.map(({ installed }) => installed) },
          { name: "Removed", look: "third", values: steps.map(({ removed }) => removed) },
        ]}
      />
      <Funnel
        label="From issued to added"
        stages={[
          { name: "Issued", count: totals.issued },
          { name: "Opened by a person", count: totals.fetched },
          { name: "Added to a wallet", count: totals.installed },
        ]}
      />
      <p class="aside">
        What happened in these days, in UTC. A pass that was issued before may be added now, and one that was removed
        may be added again.
      </p>
    </Card>
  );
}

function Ranges({ days, templateId, visit }: { days: number; templateId: string | undefined; visit: Visit }) {
  return (
    <nav class="pills" aria-label="How far back">
      {RANGES.map((range) => (
        <a
          key={range.label}
          href={visit.to("", { days: String(range.days), template: templateId })}
          aria-current={range.days === days ? "true" : undefined}
        >
          {range.label}
        </a>
      ))}
    </nav>
  );
}

function ChooseTemplate({
  activity: { templates, templateId, days },
  visit,
}: {
  activity: ShownActivity;
  visit: Visit;
}) {
  return (
    <form class="search" method="get" action={visit.to("")}>
      <input type="hidden" name="days" value={days} />
      <Select
        label="Template"
        name="template"
        value={templateId ?? ""}
        options={[
          { value: "", label: "Every template" },
          ...templates.map(({ id, name }) => ({ value: id, label: name })),
        ]}
      />
      <Button>Show</Button>
    </form>
  );
}

const dateOf = (day: number): string => new Date(day * DAY_MS).toISOString().slice(0, 10);
/** A week is named by its first day. */
const nameOf = ({ from, until }: ActivityStep): string => (from === until ? dateOf(from) : `Week of ${dateOf(from)}`);
