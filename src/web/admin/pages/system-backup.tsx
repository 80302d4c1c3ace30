/** @jsxImportSource preact */
import type { BackupRun, BackupRuns } from "../../../backup-runs.ts";
import type { Clock } from "../../../clock.ts";
import type { Backup } from "../../../db/backup.ts";
import { findBackup } from "../../../doctor/backup.ts";
import { AppError } from "../../../errors.ts";
import type { Action } from "../admin-page.ts";
import { Button } from "../components/button.tsx";
import { Card } from "../components/card.tsx";
import { CodeBlock } from "../components/code-block.tsx";
import { Facts } from "../components/facts.tsx";
import { Form } from "../components/form.tsx";
import { Notice } from "../components/notice.tsx";
import { Time } from "../components/time.tsx";
import type { PageDependencies } from "../page-dependencies.ts";
import type { Visit } from "../visit.ts";
import { megabytes } from "../words.ts";

export interface BackupState {
  readonly last: Backup | undefined;
  readonly isDue: boolean;
  /** The last one that was started on this page. */
  readonly run: BackupRun | undefined;
  readonly dataDir: string;
}

/** A larger database takes longer; browsers and proxies do not wait for it. */
const PATIENCE_MS = 10_000;

export async function loadBackup(
  { accounts, backups, config: { dataDir } }: Pick<PageDependencies, "accounts" | "backups" | "config">,
  now: number,
): Promise<BackupState> {
  const first = await accounts.resolve(undefined);
  return { ...findBackup(dataDir, first.createdAt, now), run: backups.last(), dataDir };
}

/** Makes a backup, and says how it went where that is known soon. */
export const makeBackup = ({ backups, clock }: { backups: BackupRuns; clock: Clock }): Action => ({
  role: "owner",
  async perform() {
    const patience = Promise.withResolvers<undefined>();
    const cancel = clock.after(PATIENCE_MS, () => patience.resolve(undefined));
    const outcome = await Promise.race([backups.start(), patience.promise]).finally(cancel);
    if (!outcome) return { notice: "The backup is being made. This page shows when it is done." };
    if (outcome.state === "failed") throw new AppError("unavailable", `No backup was made. ${outcome.reason}`);
    return { notice: `The backup is made, ${megabytes(outcome.bytes)}.` };
  },
});

/** The last backup, a warning when it is old, and how to make the next. */
export function BackupCard({ backup: { last, isDue, run, dataDir }, visit }: { backup: BackupState; visit: Visit }) {
  const isRunning = run !== undefined && run.outcome === undefined;
  return (
    // The script shows this part anew while a backup is being made.
    <div data-live="backup" data-refresh={isRunning ? "" : undefined}>
      <Card title="Backup">
        {run?.outcome?.state === "failed" && !visit.form("backup").refused && (
          <Notice tone="bad" title="The one that was started here was not made.">
            {run.outcome.reason}
          </Notice>
        )}
        {isDue && !isRunning && (
          <Notice
            tone="warning"
            title={last ? "The last backup is more than eight days old." : "No backup was ever made."}
          >
            Without one, all is lost with the disk: passes stay on phones, and cannot be changed any more.
          </Notice>
        )}
        <Facts
          facts={[
            ["Last", last ? <Time at={last.at} now={visit.now} /> : "none yet"],
            ["Size", last && megabytes(last.bytes)],
            ["File", last && <code>{last.file}</code>],
          ]}
        />
        {isRunning && (
          <Notice tone="info" title="A backup is being made.">
            Begun <Time at={run.startedAt} now={visit.now} />. Webhooks are answered meanwhile.
          </Notice>
        )}
        {visit.may("owner") && !isRunning && (
          <Form action={visit.action("backup")}>
            <div class="row">
              <Button>Make a backup now</Button>
            </div>
          </Form>
        )}
        <div class="stack">
          <p class="aside">
            For one every night, let a timer such as cron run this, with a folder on another disk. The seven newest
            stay.
          </p>
          <CodeBlock
            label="Makes a backup"
            code={`passhook backup /var/backups/passhook --keep 7 --data ${quoted(dataDir)}`}
          />
          <p class="aside">
            The master key is not in it, and stored keys cannot be read without: keep a copy of it, in another place.
          </p>
        </div>
      </Card>
    </div>
  );
}

/** As a shell takes it for one word. */
const quoted = (path: string): string => (/^[\w./-]+$/.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`);
