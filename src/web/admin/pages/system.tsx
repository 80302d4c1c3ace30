/** @jsxImportSource preact */
import { statSync } from "node:fs";
import { join } from "node:path";
import type { Check, CheckState } from "../../../doctor/check.ts";
import { VERSION } from "../../../version.ts";
import { definePage } from "../admin-page.ts";
import { Badge, type Tone } from "../components/badge.tsx";
import { Card } from "../components/card.tsx";
import { Facts } from "../components/facts.tsx";
import { Page } from "../components/page.tsx";
import { Progress } from "../components/progress.tsx";
import type { PageDependencies } from "../page-dependencies.ts";
import { capitalised } from "../words.ts";
import { readChecklist } from "./checklist.ts";
import { Steps } from "./steps.tsx";
import { TrafficCard } from "./system-traffic.tsx";

type Dependencies = Pick<
  PageDependencies,
  "config" | "connections" | "db" | "examine" | "identities" | "templates" | "allTraffic"
>;

/** How the server is. */
export const systemPage = (deps: Dependencies) =>
  definePage({
    path: "/system",
    section: "system",
    role: "viewer",
    title: () => "System",

    async load({ account }) {
      const [checks, steps] = await Promise.all([deps.examine(), readChecklist(deps, account.id)]);
      return { checks: worstFirst(checks), steps, bytes: databaseBytes(deps.config.dataDir) };
    },

    render: ({ checks, steps, bytes }, visit) => (
      <Page title="System">
        <Card>
          <Facts
            facts={[
              ["Version", VERSION],
              ["Public address", deps.config.publicUrl],
              ["Database", megabytes(bytes)],
            ]}
          />
        </Card>
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
  });

const STATE_TONES: Readonly<Record<CheckState, Tone>> = { good: "good", warning: "warning", problem: "bad" };
const ORDER: readonly CheckState[] = ["problem", "warning", "good"];

const worstFirst = (checks: readonly Check[]): Check[] =>
  checks.toSorted((a, b) => ORDER.indexOf(a.state) - ORDER.indexOf(b.state));

/** With what was written last and is not yet in the file itself. */
function databaseBytes(dataDir: string): number {
  const sizes = ["passhook.db", "passhook.db-wal"].map(
    (name) => statSync(join(dataDir, name), { throwIfNoEntry: false })?.size ?? 0,
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}

const megabytes = (bytes: number): string => `${(bytes / 1024 / 1024).toFixed(bytes < 100 * 1024 * 1024 ? 1 : 0)} MB`;
