/** @jsxImportSource preact */
import type { RecordedRequest } from "../../../../klaviyo/connections.ts";
import { isObject, type Json } from "../../../../templates/placeholders.ts";
import { definePage } from "../../admin-page.ts";
import { Badge } from "../../components/badge.tsx";
import { LinkButton } from "../../components/button.tsx";
import { Card } from "../../components/card.tsx";
import { CodeBlock } from "../../components/code-block.tsx";
import { EmptyState } from "../../components/empty-state.tsx";
import { Filters } from "../../components/filters.tsx";
import { Notice } from "../../components/notice.tsx";
import { Page } from "../../components/page.tsx";
import { Pagination, pageRequest } from "../../components/pagination.tsx";
import { Time } from "../../components/time.tsx";
import type { PageDependencies } from "../../page-dependencies.ts";
import type { Visit } from "../../visit.ts";
import { KlaviyoTabs } from "./tabs.tsx";

const PATH = "/klaviyo/sandbox";
const KINDS = [
  { value: "/api/profile-import", label: "Profiles" },
  { value: "/api/events", label: "Events" },
  { value: "/api/data-source-record-create-jobs", label: "WalletPass records" },
] as const;

/** What Klaviyo would have been told, and what it would have refused about it. */
export const sandboxPage = ({ klaviyo }: Pick<PageDependencies, "klaviyo">) =>
  definePage({
    path: PATH,
    section: "klaviyo",
    role: "viewer",
    title: () => "Sandbox",

    async load(visit) {
      const accountId = visit.account.id;
      const path = KINDS.find(({ value }) => value === visit.query.get("path"))?.value;
      const refused = visit.query.get("refused") === "yes";
      const [{ mode }, page] = await Promise.all([
        klaviyo.connections.info(accountId),
        klaviyo.connections.sandboxRequests({ accountId, path, refused }, pageRequest(visit)),
      ]);
      return { mode, path, refused, page };
    },

    render: ({ mode, path, refused, page: { items, next } }, visit) => (
      <Page
        title="Klaviyo"
        lead="In the sandbox every request is written down instead of sent, the last thousand are kept. Each is checked as Klaviyo would."
        actions={
          mode === "sandbox" &&
          visit.may("owner") && (
            <LinkButton tone="primary" href={visit.to("/klaviyo/connect")}>
              Go live
            </LinkButton>
          )
        }
      >
        <KlaviyoTabs visit={visit} at={PATH} />
        {mode !== "sandbox" && (
          <Notice tone="info" title="This account is not a sandbox any more">
            What follows was recorded before it was connected.
          </Notice>
        )}
        <Filters
          visit={visit}
          path={PATH}
          groups={[
            { label: "What", name: "path", value: path, options: KINDS },
            {
              label: "Check",
              name: "refused",
              value: refused ? "yes" : undefined,
              options: [{ value: "yes", label: "Klaviyo would refuse it" }],
            },
          ]}
        />
        {items.length === 0 ? (
          <EmptyState icon="check" title={path || refused ? "None of these" : "Nothing recorded yet"}>
            {!path && !refused && <p>Issue a pass: its profile and its first event show up here.</p>}
          </EmptyState>
        ) : (
          <Card flush>
            <ul class="recorded">
              {items.map((request, i) => (
                // Rows are rendered once, to text.
                <Recorded key={String(i)} request={request} visit={visit} />
              ))}
            </ul>
          </Card>
        )}
        <Pagination visit={visit} path={PATH} next={next} />
      </Page>
    ),
  });

function Recorded({ request, visit }: { request: RecordedRequest; visit: Visit }) {
  const { at, method, path, body, problems } = request;
  return (
    <li>
      <details>
        <summary>
          <span>
            <strong>{titleOf(request)}</strong>
            <small>
              <code>
                {method} {path}
              </code>
            </small>
          </span>
          <Time at={Date.parse(at)} now={visit.now} />
          {problems.length > 0 ? <Badge tone="bad">Would be refused</Badge> : <Badge tone="good">Would be taken</Badge>}
        </summary>
        {problems.length > 0 && (
          <Notice tone="bad" title="Klaviyo would refuse this">
            <ul>
              {problems.map((problem) => (
                <li key={problem.path + problem.message}>
                  {problem.path && <code>{problem.path}</code>} {problem.message}
                </li>
              ))}
            </ul>
          </Notice>
        )}
        <div class="json">
          <CodeBlock code={JSON.stringify(body, null, 2)} label="Body" />
        </div>
      </details>
    </li>
  );
}

/** `Event: Pass Installed`, `Profile: mia@example.com`. */
function titleOf({ path, body }: RecordedRequest): string {
  const kind = KINDS.find(({ value }) => value === path);
  if (!kind) return "Other request";
  const attributes = inside(body, "data", "attributes");
  switch (kind.label) {
    case "Events":
      return `Event: ${inside(attributes, "metric", "data", "attributes", "name") ?? "without a name"}`;
    case "Profiles":
      return `Profile: ${inside(attributes, "email") ?? inside(attributes, "phone_number") ?? inside(body, "data", "id") ?? "unknown"}`;
    case "WalletPass records":
      return `WalletPass record: ${inside(attributes, "data-source-record", "data", "attributes", "record", "serial") ?? "unknown"}`;
    default:
      return kind satisfies never;
  }
}

function inside(value: Json | undefined, ...names: readonly string[]): Json | undefined {
  return names.reduce<Json | undefined>((at, name) => (isObject(at) ? at[name] : undefined), value);
}
