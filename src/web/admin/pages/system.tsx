/** @jsxImportSource preact */
import { databaseSizes } from "../../../db/sizes.ts";
import type { Check, CheckState } from "../../../doctor/check.ts";
import type { JobState } from "../../../outbox/job.ts";
import { VERSION } from "../../../version.ts";
import { definePage } from "../admin-page.ts";
import { Badge, type Tone } from "../components/badge.tsx";
import { Card } from "../components/card.tsx";
import { Facts } from "../components/facts.tsx";
import { Page } from "../components/page.tsx";
import { Progress } from "../components/progress.tsx";
import type { PageDependencies } from "../page-dependencies.ts";
import { capitalised, megabytes } from "../words.ts";
import { readChecklist } from "./checklist.ts";
import { Steps } from "./steps.tsx";
import { BackupCard, loadBackup, makeBackup } from "./system-backup.tsx";
import { TrafficCard } from "./system-traffic.tsx";

type Dependencies = Pick<
  PageDependencies,
  | "accounts"
  | "allTraffic"
  | "backups"
  | "clock"
  | "config"
  | "connections"
  | "db"
  | "examine"
  | "identities"
  | "outbox"
  | "templates"
>;

/** How the server is. */
export const systemPage = (deps: Dependencies) =>
  definePage({
    path: "/system",
    section: "system",
    role: "viewer",
    title: () => "System",

    async load({ account, now }) {
      const [checks, steps, backup, jobs] = await Promise.all([
        deps.examine(),
        readChecklist(deps, account.id),
        loadBackup(deps, now),
        deps.outbox.depths(),
      ]);
      return { checks: worstFirst(checks), steps, backup, jobs, sizes: databaseSizes(deps.config.dataDir) };
    },

    render: ({ checks, steps, backup, jobs, sizes }, visit) => (
      <Page title="System">
        <Card>
          <Facts
            facts={[
              ["Version", VERSION],
              ["Public address", deps.config.publicUrl],
              ["Database", `${megabytes(sizes.database)}, and ${megabytes(sizes.log)} in its log`],
              ["Outbox", outboxWords(jobs)],
            ]}
          />
        </Card>
        <BackupCard backup={backup} visit={visit} />
        <TrafficCard traffic={deps.allTraffic()} now={visit.now} />
        <Card title="Checks" flush>
          <ul class="checks">
            {checks.map(({ name, state, detail }, i) => (
              // Names of checks repeat, as of several lanes.
              <li key={String(i)}>
                <Badge tone={STATE_TONES[state]}>{capitalised(state)}</Badge>
                <strong>{capitalised(name)}</strong>
                <span>{detail}</span>
              </li>
            ))}
          </ul>
        </Card>
        <p class="aside">
          The command <code>passhook doctor</code> also reads the whole database file to see whether it is sound.
        </p>
        <Card
          title="On the way to the first pass"
          aside={<Progress done={steps.filter(({ done }) => done).length} total={steps.length} label="Steps done" />}
        >
          <Steps steps={steps} visit={visit} />
        </Card>
      </Page>
    ),

    actions: { backup: makeBackup(deps) },
  });

/** Of all accounts. */
function outboxWords({ waiting, ready, leased, dead }: Readonly<Record<JobState, number>>): string {
  const toBeDone = waiting + ready + leased;
  const words = toBeDone === 0 ? "nothing waits" : `${toBeDone.toLocaleString("en")} to be told to the outside`;
  return dead === 0 ? words : `${words}, ${dead.toLocaleString("en")} given up`;
}

const STATE_TONES: Readonly<Record<CheckState, Tone>> = { good: "good", warning: "warning", problem: "bad" };
const ORDER: readonly CheckState[] = ["problem", "warning", "good"];

const worstFirst = (checks: readonly Check[]): Check[] =>
  checks.toSorted((a, b) => ORDER.indexOf(a.state) - ORDER.indexOf(b.state));
