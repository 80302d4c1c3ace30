/** @jsxImportSource preact */
import type { FoundPass } from "../../../passes/search/pass-query.ts";
import { definePage } from "../admin-page.ts";
import { LinkButton } from "../components/button.tsx";
import { Card } from "../components/card.tsx";
import { EmptyState } from "../components/empty-state.tsx";
import { Notice } from "../components/notice.tsx";
import { Page } from "../components/page.tsx";
import { PassStatusBadge } from "../components/pass-status.tsx";
import { Progress } from "../components/progress.tsx";
import { Table } from "../components/table.tsx";
import { Time } from "../components/time.tsx";
import type { PageDependencies } from "../page-dependencies.ts";
import type { Visit } from "../visit.ts";
import { whoIs } from "../words.ts";
import { ActivityCard, loadActivity } from "./activity-card.tsx";
import { readAttention } from "./attention.ts";
import { readChecklist } from "./checklist.ts";
import { Steps } from "./steps.tsx";
import { countWebhooks, TrafficCards } from "./traffic-cards.tsx";

type Dependencies = Pick<
  PageDependencies,
  | "config"
  | "connections"
  | "db"
  | "expiry"
  | "identities"
  | "jobs"
  | "klaviyo"
  | "outbox"
  | "rejected"
  | "search"
  | "templates"
  | "traffic"
>;

const RECENT = 8;

/** What needs somebody, what is left to set up, and what happened last. */
export const overviewPage = (deps: Dependencies) =>
  definePage({
    path: "",
    section: "overview",
    role: "viewer",
    title: () => "Overview",

    async load(visit) {
      const {
        account: { id },
        now,
      } = visit;
      const [steps, attention, recent, activity, klaviyo] = await Promise.all([
        readChecklist(deps, id),
        readAttention(deps, id, now),
        deps.search.page({ accountId: id }, { limit: RECENT }),
        loadActivity(deps, visit),
        deps.klaviyo.status.stored(id),
      ]);
      return { steps, attention, activity, klaviyo, traffic: deps.traffic.of(id), recent: recent.items };
    },

    render: ({ steps, attention, activity, klaviyo, traffic, recent }, visit) => {
      const done = steps.filter((step) => step.done).length;
      // The first webhook of all may have been refused.
      const isUsed = recent.length > 0 || countWebhooks(traffic.webhooks) > 0;
      return (
        <Page title="Overview">
          {attention.map(({ tone, text, path }) => (
            <Notice
              key={text}
              tone={tone}
              title={text}
              {...(path === undefined ? {} : { link: { href: visit.to(path), label: "Look at it" } })}
            />
          ))}
          {done < steps.length && (
            <Card
              title="On the way to the first pass"
              aside={<Progress done={done} total={steps.length} label="Steps done" />}
            >
              <Steps steps={steps} visit={visit} />
            </Card>
          )}
          {isUsed && <TrafficCards traffic={traffic} klaviyo={klaviyo} visit={visit} />}
          {recent.length > 0 && <ActivityCard activity={activity} visit={visit} />}
          <Recent passes={recent} visit={visit} />
        </Page>
      );
    },
  });

function Recent({ passes, visit }: { passes: readonly FoundPass[]; visit: Visit }) {
  return (
    <Card
      title="Issued last"
      flush
      aside={passes.length > 0 && <LinkButton href={visit.to("/passes")}>All passes</LinkButton>}
    >
      {passes.length === 0 ? (
        <EmptyState icon="pass" title="No pass yet">
          <p>The first one is made when a Klaviyo flow sends its first webhook.</p>
        </EmptyState>
      ) : (
        <Table
          label="Passes issued last"
          rows={passes}
          columns={[
            {
              title: "Recipient",
              cell: ({ pass, recipient }) => (
                <a href={visit.to(`/passes/${pass.serial}`)}>{whoIs(recipient) ?? "Unknown"}</a>
              ),
            },
            { title: "Template", cell: ({ template }) => template.definition.name },
            {
              title: "State",
              cell: (found) => <PassStatusBadge of={found} now={visit.now} />,
            },
            { title: "Issued", end: true, cell: ({ pass }) => <Time at={pass.createdAt} now={visit.now} /> },
          ]}
        />
      )}
    </Card>
  );
}
