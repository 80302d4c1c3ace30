/** @jsxImportSource preact */
import type { RejectedRequest } from "../../../passes/rejected-store.ts";
import { definePage } from "../admin-page.ts";
import { Badge } from "../components/badge.tsx";
import { Button } from "../components/button.tsx";
import { Card } from "../components/card.tsx";
import { Confirm } from "../components/confirm.tsx";
import { EmptyState } from "../components/empty-state.tsx";
import { Form } from "../components/form.tsx";
import { Page } from "../components/page.tsx";
import { Pagination, pageRequest } from "../components/pagination.tsx";
import { Table } from "../components/table.tsx";
import { Time } from "../components/time.tsx";
import type { PageDependencies } from "../page-dependencies.ts";
import type { Visit } from "../visit.ts";

/** Calls of the API that were refused for their content. */
export const rejectedPage = ({ rejected, replayer }: Pick<PageDependencies, "rejected" | "replayer">) =>
  definePage({
    path: "/rejected",
    section: "rejected",
    role: "viewer",
    title: () => "Rejected requests",
    load: (visit) => rejected.list(visit.account.id, pageRequest(visit)),

    render: ({ items, next }, visit) => (
      <Page
        title="Rejected requests"
        lead="Requests that could not become a pass. Klaviyo does not send them again, so they are kept here for 30 days with what was wrong."
        actions={items.length > 0 && visit.may("editor") && <ReplayAll visit={visit} />}
      >
        {items.length === 0 ? (
          <EmptyState icon="check" title="Nothing was rejected">
            <p>A request that a flow words wrongly will be here, and say what to change.</p>
          </EmptyState>
        ) : (
          <Card flush>
            <Table
              label="Rejected requests"
              rows={items}
              columns={[
                { title: "What was wrong", cell: (request) => <Fault request={request} visit={visit} /> },
                { title: "When", cell: ({ at }) => <Time at={at} now={visit.now} /> },
                { title: "Request", cell: ({ route }) => <code>{route}</code> },
                { title: "Answer", end: true, cell: ({ status }) => <Badge tone="bad">{status}</Badge> },
              ]}
            />
          </Card>
        )}
        <Pagination visit={visit} path="/rejected" next={next} />
      </Page>
    ),

    actions: {
      "replay-all": {
        role: "editor",
        async perform({ account }) {
          const replayed = await replayer.replayAll(account.id);
          return { notice: replayedWords(replayed.filter(({ ok }) => ok).length, replayed.length) };
        },
      },
    },
  });

function replayedWords(taken: number, all: number): string {
  if (all === 0) return "Nothing was sent: nobody knows whose the requests are. Look at each, and send it again there.";
  const again = all - taken;
  if (again === 0) return all === 1 ? "It was sent again, and taken." : `All ${all} were sent again, and taken.`;
  const left = again === 1 ? "One was refused again; it is below" : `${again} were refused again; they are below`;
  return `${taken} of ${all} were sent again, and taken. ${left}, with the present reason.`;
}

function ReplayAll({ visit }: { visit: Visit }) {
  return (
    <Confirm label="Send all again…">
      <Form action={visit.action("replay-all")}>
        <p>
          Every request of this account is sent again as it was, the oldest first: for after a template or a flow's
          mistake was mended. What was issued meanwhile is not issued a second time.
        </p>
        <Button tone="primary">Send all again</Button>
      </Form>
    </Confirm>
  );
}

function Fault({ request: { id, error, accountId }, visit }: { request: RejectedRequest; visit: Visit }) {
  return (
    <>
      <a href={visit.to(`/rejected/${id}`)}>{error}</a> {accountId === null && <Badge>Unknown caller</Badge>}
    </>
  );
}
