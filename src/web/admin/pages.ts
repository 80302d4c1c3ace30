import type { AdminFile } from "./admin-file.ts";
import type { AdminPage } from "./admin-page.ts";
import type { PageDependencies } from "./page-dependencies.ts";
import { adminsPage } from "./pages/admins.tsx";
import { addCertificatePage } from "./pages/certificate-add.tsx";
import { certificatesPage } from "./pages/certificates.tsx";
import { erasuresPage } from "./pages/erasures.tsx";
import { filePage } from "./pages/file.tsx";
import { filesPage } from "./pages/files.tsx";
import { jobsPage } from "./pages/jobs.tsx";
import { keysPage } from "./pages/keys.tsx";
import { klaviyoPages } from "./pages/klaviyo/klaviyo-pages.ts";
import { overviewPage } from "./pages/overview.tsx";
import { passPage } from "./pages/pass.tsx";
import { passesPage } from "./pages/passes.tsx";
import { profilePage } from "./pages/profile.tsx";
import { rejectedPage } from "./pages/rejected.tsx";
import { rejectedRequestPage } from "./pages/rejected-request.tsx";
import { settingsPage } from "./pages/settings.tsx";
import { systemPage } from "./pages/system.tsx";
import { designPage } from "./pages/templates/design.tsx";
import { draftImages } from "./pages/templates/draft-images.ts";
import { galleryImages } from "./pages/templates/gallery-images.ts";
import { newTemplatePage } from "./pages/templates/new-template.tsx";
import { templatePage } from "./pages/templates/template.tsx";
import { templateImages } from "./pages/templates/template-images.ts";
import { templateVersionPage } from "./pages/templates/template-version.tsx";
import { templatesPage } from "./pages/templates/templates.tsx";
import { testPassPage } from "./pages/templates/test-pass.tsx";
import { webhookPage } from "./pages/webhook.tsx";
import { webhooksPage } from "./pages/webhooks.tsx";

/** Every page of the admin site. */
export const adminPages = (parts: PageDependencies): readonly AdminPage[] => [
  overviewPage(parts),
  passesPage(parts),
  passPage(parts),
  templatesPage(parts),
  templatePage(parts),
  templateVersionPage(parts),
  designPage(parts),
  newTemplatePage(parts),
  testPassPage(parts),
  filesPage(parts),
  filePage(parts),
  erasuresPage(parts),
  rejectedPage(parts),
  rejectedRequestPage(parts),
  jobsPage(parts),
  ...klaviyoPages(parts),
  certificatesPage(parts),
  addCertificatePage(parts),
  webhooksPage(parts),
  webhookPage(parts),
  keysPage(parts),
  settingsPage(parts),
  adminsPage(parts),
  systemPage(parts),
  profilePage(parts),
];

/** What pages show besides the files that all of them share. */
export const adminFiles = (parts: PageDependencies): readonly AdminFile[] => [
  templateImages(parts),
  draftImages(parts),
  galleryImages(),
];
