/** @jsxImportSource preact */
import type { Visit } from "../../visit.ts";

const TABS = [
  { path: "/klaviyo", label: "Overview", role: "viewer" },
  { path: "/klaviyo/connect", label: "Connection", role: "owner" },
  { path: "/klaviyo/flow", label: "Webhooks for flows", role: "viewer" },
  { path: "/klaviyo/object", label: "WalletPass", role: "viewer" },
  { path: "/klaviyo/resync", label: "Tell it again", role: "viewer" },
  { path: "/klaviyo/external-id", label: "External id", role: "viewer" },
  { path: "/klaviyo/sandbox", label: "Sandbox", role: "viewer" },
] as const;

/** The parts of the Klaviyo section that the visitor may see, the present one lit. */
export function KlaviyoTabs({ visit, at }: { visit: Visit; at: (typeof TABS)[number]["path"] }) {
  return (
    <nav class="tabs" aria-label="Klaviyo">
      {TABS.filter(({ role }) => visit.may(role)).map(({ path, label }) => (
        <a key={path} href={visit.to(path)} aria-current={path === at ? "page" : undefined}>
          {label}
        </a>
      ))}
    </nav>
  );
}
