/** @jsxImportSource preact */
import { replayable } from "../../../api/replay.ts";
import { AppError } from "../../../errors.ts";
import type { RejectedRequest } from "../../../passes/rejected-store.ts";
import { definePage } from "../admin-page.ts";
import { Badge } from "../components/badge.tsx";
import { Button } from "../components/button.tsx";
import { Card } from "../components/card.tsx";
import { Facts } from "../components/facts.tsx";
import { TextArea } from "../components/field.tsx";
import { Form } from "../components/form.tsx";
import { Notice } from "../components/notice.tsx";
import { Page } from "../components/page.tsx";
import { Time } from "../components/time.tsx";
import { editableBody, type MarkedLine, markedBody } from "../marked-body.ts";
import type { PageDependencies } from "../page-dependencies.ts";
import type { Visit } from "../visit.ts";

/** One refused request: what was sent, what was wrong with it, and the way to send it again. */
export const rejectedRequestPage = ({ rejected, replayer }: Pick<PageDependencies, "rejected" | "replayer">) =>
  definePage({
    path: "/rejected/:id",
    section: "rejected",
    role: "viewer",
    title: () => "Rejected request",

    async load({ account, params }) {
      const found = await rejected.find(Number(params["id"]), account.id);
      if (found) return found;
      throw new AppError("not_found", "There is no such request; it may have been older than 30 days.");
    },

    render(request, visit) {
      const { at, route, flowId, status, error, details, body, verbatim } = request;
      return (
        <Page
          title="Rejected request"
          lead={details.length === 0 ? error : undefined}
          back={{ href: visit.to("/rejected"), label: "Rejected requests" }}
        >
          {request.accountId === null && (
            <Notice tone="warning" title="Nobody knows who sent this.">
              It had no key of this server, or a wrong one. A flow whose key was mistyped looks like this; so does a
              stranger. Send it again only if you know it: then it is taken for one of this account.
            </Notice>
          )}
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
            {body === "" ? (
              <p class="pad">
                {verbatim ? "An empty body." : "Files are not kept. Correct it where it came from, and send it again."}
              </p>
            ) : (
              <Body lines={markedBody(body, error, details)} />
            )}
          </Card>
          {visit.may("editor") && replayable(request) !== "no" && <SendAgain request={request} visit={visit} />}
        </Page>
      );
    },

    actions: {
      replay: {
        role: "editor",
        async perform({ account, params }, form) {
          const id = Number(params["id"]);
          // As forms send line breaks.
          const body = form.raw("body").replaceAll("\r\n", "\n");
          const kept = await rejected.find(id, account.id);
          const isKept = kept?.verbatim && editableBody(kept.body).replaceAll("\r\n", "\n") === editableBody(body);
          const { serialNumber } = await replayer.replay(id, { accountId: account.id, ...(isKept ? {} : { body }) });
          return { to: `/passes/${serialNumber}`, notice: "The request was sent again, and taken. This is its pass." };
        },
      },
    },
  });

/** As it was, for instance after the template was corrected, or with a corrected body. */
function SendAgain({ request, visit }: { request: RejectedRequest; visit: Visit }) {
  const body = editableBody(request.body);
  const lines = Math.min(24, Math.max(6, body.split("\n").length + 1));
  return (
    <Card title="Send it again">
      <Form action={visit.action("replay")}>
        <TextArea
          label="Body"
          rows={lines}
          mono
          hint={
            replayable(request) === "yes"
              ? "As it was, or corrected. It is taken as if the flow had sent it."
              : "It is not kept as it was sent, since a secret in it was masked or it was too large. Give it whole."
          }
          {...visit.form("replay").field("body", body)}
        />
        <Button tone="primary">Send again</Button>
      </Form>
    </Card>
  );
}

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
