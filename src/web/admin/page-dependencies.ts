import type { Accounts } from "../../accounts/accounts.ts";
import type { AdminAccess } from "../../admins/admin-access.ts";
import type { TrafficByAccount } from "../../api/account-traffic.ts";
import type { Replayer } from "../../api/replay.ts";
import type { ExpiryWatch } from "../../apple/expiry.ts";
import type { Identities } from "../../apple/identities.ts";
import type { BackupRuns } from "../../backup-runs.ts";
import type { Clock } from "../../clock.ts";
import type { Config, ResolvedSetting } from "../../config.ts";
import type { Database } from "../../db/database.ts";
import type { Check } from "../../doctor/check.ts";
import type { RateLimit } from "../../http/rate-limit.ts";
import type { Connections } from "../../klaviyo/connections.ts";
import type { Klaviyo } from "../../klaviyo/klaviyo.ts";
import type { Traffic } from "../../metrics-program.ts";
import type { JobList } from "../../outbox/job-list.ts";
import type { OutboxStore } from "../../outbox/outbox-store.ts";
import type { BulkJobs } from "../../passes/bulk/bulk-jobs.ts";
import type { Eraser } from "../../passes/erase/erase.ts";
import type { Exporter } from "../../passes/export/export.ts";
import type { Issuer } from "../../passes/issue.ts";
import type { RejectedStore } from "../../passes/rejected-store.ts";
import type { Reminders } from "../../passes/reminders.ts";
import type { PassSearch } from "../../passes/search/search.ts";
import type { TemplatePreview } from "../../passes/template-preview.ts";
import type { Updater } from "../../passes/update.ts";
import type { WholePass } from "../../passes/whole-pass.ts";
import type { Drafts } from "../../templates/drafts/drafts.ts";
import type { Templates } from "../../templates/templates.ts";
import type { Webhooks } from "../../webhooks/webhooks.ts";
import type { PassView } from "../preview/pass-view.ts";

/** The parts of the program that pages show and work with; each page names those that it takes. */
export interface PageDependencies {
  readonly access: AdminAccess;
  readonly accounts: Accounts;
  readonly backups: BackupRuns;
  readonly bulk: BulkJobs;
  readonly clock: Clock;
  readonly config: Config;
  readonly connections: Connections;
  readonly db: Database;
  readonly drafts: Drafts;
  readonly eraser: Eraser;
  readonly expiry: ExpiryWatch;
  readonly exporter: Exporter;
  readonly identities: Identities;
  readonly issuer: Issuer;
  readonly jobs: JobList;
  readonly klaviyo: Klaviyo;
  readonly outbox: OutboxStore;
  /** Of attempts to guess a password, per account. */
  readonly passwordAttempts: RateLimit;
  readonly rejected: RejectedStore;
  readonly reminders: Reminders;
  readonly replayer: Replayer;
  readonly search: PassSearch;
  readonly settings: readonly ResolvedSetting[];
  readonly templates: Templates;
  readonly updater: Updater;
  readonly webhooks: Webhooks;
  /** A pass as a phone shows it; nothing where no certificate could sign it, or after it was deleted. */
  previewPass(whole: WholePass): Promise<PassView | undefined>;
  /** A template as a phone shows a pass of it that has its examples. */
  readonly previewTemplate: TemplatePreview;
  readonly traffic: Pick<TrafficByAccount, "of">;
  /** What was done since the server started, for all accounts. */
  allTraffic(): Traffic;
  /** What `doctor` finds in the database and around it. */
  examine(): Promise<readonly Check[]>;
}
