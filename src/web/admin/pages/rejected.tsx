/** @jsxImportSource preact */
import { definePage } from "../admin-page.ts";
import { Badge } from "../components/badge.tsx";
import { Card } from "../components/card.tsx";
import { EmptyState } from "../components/empty-state.tsx";
import { Page } from "../components/page.tsx";
import { Pagination, pageRequest } from "../components/pagination.tsx";
import { Table } from "../components/table.tsx";
import { Time } from "../components/time.tsx";
import type { PageDependencies } from "../page-dependencies.ts";

/** Calls of the API that were refused for their content. */
export const rejectedPage = ({ rejected }: Pick<PageDependencies, "rejected">) =>
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
                { title: "What was wrong", cell: ({ id, error }) => <a href={visit.to(`/rejected/${id}`)}>{error}</a> },
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
  });
