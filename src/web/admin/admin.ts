import type { Database } from "../../db/database.ts";
import { checkDataFolder } from "../../doctor/data-folder.ts";
import { type ExaminedParts, examineContents } from "../../doctor/doctor.ts";
import { checkSettings } from "../../doctor/settings.ts";
import { AppError } from "../../errors.ts";
import { createRateLimit } from "../../http/rate-limit.ts";
import type { ProgramMetrics } from "../../metrics-program.ts";
import { createJobList } from "../../outbox/job-list.ts";
import { createPassPreview } from "../../passes/pass-preview.ts";
import { createReminders, type ReminderDependencies } from "../../passes/reminders.ts";
import { createTemplatePreview } from "../../passes/template-preview.ts";
import { createDrafts } from "../../templates/drafts/drafts.ts";
import { adminRoutes } from "./admin-routes.ts";
import { type AdminSiteDependencies, createAdminSite } from "./admin-site.ts";
import { createCookies } from "./cookies.ts";
import type { PageDependencies } from "./page-dependencies.ts";
import { adminFiles, adminPages } from "./pages.ts";
import { createSignIn } from "./sign-in.ts";

/** What is made here, from the rest. */
type MadeHere =
  | "cookies"
  | "drafts"
  | "publicUrl"
  | "examine"
  | "jobs"
  | "passwordAttempts"
  | "previewPass"
  | "previewTemplate"
  | "reminders"
  | "allTraffic";

export type AdminDependencies = Omit<AdminSiteDependencies & PageDependencies, MadeHere> &
  ReminderDependencies &
  ExaminedParts & {
    readonly db: Database;
    readonly metrics: Pick<ProgramMetrics, "traffic">;
    /** Whether browsers reach this server by https. */
    readonly https: boolean;
  };

/** The admin site: everything under `/admin`. */
export function admin({ https, ...parts }: AdminDependencies) {
  const { db, clock, config, packages } = parts;
  const preview = createPassPreview({ publicUrl: config.publicUrl, clock });
  const shared = { ...parts, cookies: createCookies(https), publicUrl: config.publicUrl };
  const limits = {
    address: createRateLimit(clock, { burst: 20, refillMs: 6_000 }),
    account: createRateLimit(clock, { burst: 10, refillMs: 30_000 }),
  };
  const dependencies: PageDependencies = {
    ...parts,
    drafts: createDrafts(parts),
    jobs: createJobList(db),
    reminders: createReminders(parts),
    previewTemplate: createTemplatePreview({ publicUrl: config.publicUrl, clock }),
    passwordAttempts: limits.account,
    allTraffic: parts.metrics.traffic,
    async previewPass(whole) {
      if (whole.pass.state === "deleted") return undefined;
      const passPackage = await packages.of(whole).catch(nothingIfUnavailable);
      return passPackage && preview(whole, passPackage, ["en"]);
    },
    examine: async () => [
      ...checkSettings(config),
      ...checkDataFolder(config.dataDir),
      ...(await examineContents(parts)),
    ],
  };
  return adminRoutes({
    site: createAdminSite(shared),
    signIn: createSignIn({ ...shared, limits }),
    pages: adminPages(dependencies),
    files: adminFiles(dependencies),
  });
}

function nothingIfUnavailable(error: unknown): undefined {
  if (!(error instanceof AppError && error.code === "unavailable")) throw error;
}
