import type { AdminPage } from "../../admin-page.ts";
import type { PageDependencies } from "../../page-dependencies.ts";
import { connectPage } from "./connect.tsx";
import { externalIdPage } from "./external-id.tsx";
import { flowsPage } from "./flows.tsx";
import { objectPage } from "./object.tsx";
import { klaviyoPage } from "./overview.tsx";
import { resyncPage } from "./resync.tsx";
import { sandboxPage } from "./sandbox.tsx";
import { snippetPage } from "./snippet.tsx";

/** The connection to Klaviyo. */
export const klaviyoPages = (parts: PageDependencies): readonly AdminPage[] => [
  klaviyoPage(parts),
  connectPage(parts),
  flowsPage(parts),
  snippetPage(parts),
  objectPage(parts),
  resyncPage(parts),
  externalIdPage(parts),
  sandboxPage(parts),
];
