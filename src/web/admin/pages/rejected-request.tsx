/** @jsxImportSource preact */
import { AppError } from "../../../errors.ts";
import { definePage } from "../admin-page.ts";
import { Badge } from "../components/badge.tsx";
import { Card } from "../components/card.tsx";
import { Facts } from "../components/facts.tsx";
import { Page } from "../components/page.tsx";
import { Time } from "../components/time.tsx";
import { type MarkedLine, markedBody } from "../marked-body.ts";
import type { PageDependencies } from "../page-dependencies.ts";

/** One refused request: what was sent, and what was wrong with it. */
export const rejectedRequestPage = ({ rejected }: Pick<PageDependencies, "rejected">) =>
  definePage({
    path: "/rejected/:id",
    section: "rejected",
    role: "viewer",
    title: () => "Rejected request",

    async load({ account, params }) {
      const found = await rejected.find(account.id, Number(params["id"]));
      if (found) return found;
      throw new AppError("not_found", "There is no such request; it may have been older than 30 days.");
    },

    render: ({ at, route, flowId, status, error, details, body }, visit) => (
      <Page title="Rejected request" lead={error} back={{ href: visit.to("/rejected"), label: "Rejected requests" }}>
        <Card>
          <Facts
            facts={[
              ["Request", <code>{route}</code>],
              ["Answer", <Badge tone="bad">{status}</Badge>],
              ["When", <Time at={at} now={visit.now} />],
              ["Klaviyo flow", flowId && <code>{flowId}</code>],
            ]}
          />
        </Card>
        {details.length > 0 && (
          <Card title="What was wrong">
            <ul class="problems">
              {details.map(({ path, message }) => (
                <li key={path + message}>
                  {path && <code>{path}</code>} {message}
                </li>
              ))}
            </ul>
          </Card>
        )}
        <Card title="What was sent" flush>
          {body === "" ? <p class="pad">An empty body.</p> : <Body lines={markedBody(body, error, details)} />}
        </Card>
      </Page>
    ),
  });

function Body({ lines }: { lines: readonly MarkedLine[] }) {
  return (
    <ol class="code-lines">
      {lines.map(({ text, problems }, i) => (
        // Lines are rendered once, to text.
        <li key={String(i)} class={problems.length > 0 ? "wrong" : undefined}>
          <code>{text}</code>
          {problems.map((problem) => (
            <em key={problem}>{problem}</em>
          ))}
        </li>
      ))}
    </ol>
  );
}
