import type { Role } from "../../admins/role.ts";
import type { IconName } from "./components/icon.tsx";

/** An entry of the navigation. */
interface SectionDefinition {
  readonly label: string;
  /** Where it leads, below the account. */
  readonly path: string;
  readonly icon: IconName;
  readonly group: "work" | "setup" | "server" | "visitor";
  /** The least role that sees it. */
  readonly role: Role;
}

/** The navigation, from top to bottom. */
export const SECTIONS = {
  overview: { label: "Overview", path: "", icon: "home", group: "work", role: "viewer" },
  passes: { label: "Passes", path: "/passes", icon: "pass", group: "work", role: "viewer" },
  templates: { label: "Templates", path: "/templates", icon: "template", group: "work", role: "viewer" },
  files: { label: "Files", path: "/files", icon: "files", group: "work", role: "editor" },
  rejected: { label: "Rejected requests", path: "/rejected", icon: "refused", group: "work", role: "viewer" },
  outbox: { label: "Outbox", path: "/outbox", icon: "outbox", group: "work", role: "viewer" },
  klaviyo: { label: "Klaviyo", path: "/klaviyo", icon: "plug", group: "setup", role: "viewer" },
  certificates: { label: "Certificates", path: "/certificates", icon: "seal", group: "setup", role: "viewer" },
  webhooks: { label: "Webhooks", path: "/webhooks", icon: "hook", group: "setup", role: "viewer" },
  keys: { label: "API keys", path: "/keys", icon: "key", group: "setup", role: "viewer" },
  erasures: { label: "Erasures", path: "/erasures", icon: "eraser", group: "work", role: "owner" },
  settings: { label: "Settings", path: "/settings", icon: "sliders", group: "server", role: "owner" },
  admins: { label: "People", path: "/admins", icon: "people", group: "server", role: "owner" },
  system: { label: "System", path: "/system", icon: "pulse", group: "server", role: "viewer" },
  profile: { label: "Your account", path: "/profile", icon: "person", group: "visitor", role: "viewer" },
} as const satisfies Record<string, SectionDefinition>;

export type Section = keyof typeof SECTIONS;

/** The groups with their headings; what is the visitor's own stands at the foot. */
export const SECTION_GROUPS: Readonly<Record<Exclude<SectionDefinition["group"], "visitor">, string>> = {
  work: "Work",
  setup: "Setup",
  server: "Server",
};
