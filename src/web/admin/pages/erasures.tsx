/** @jsxImportSource preact */
import { type ErasureView, textsForgotten } from "../../../passes/erase/erase.ts";
import { definePage } from "../admin-page.ts";
import { Badge, type Tone } from "../components/badge.tsx";
import { Card } from "../components/card.tsx";
import { EmptyState } from "../components/empty-state.tsx";
import { Page } from "../components/page.tsx";
import { Pagination, pageRequest } from "../components/pagination.tsx";
import { Table } from "../components/table.tsx";
import { Time } from "../components/time.tsx";
import type { PageDependencies } from "../page-dependencies.ts";

const PATH = "/erasures";

/** That people were erased, and nothing of who they were. */
export const erasuresPage = ({ eraser }: Pick<PageDependencies, "eraser">) =>
  definePage({
    path: PATH,
    section: "erasures",
    role: "owner",
    title: () => "Erasures",
    load: (visit) => eraser.list(visit.account.id, pageRequest(visit)),

    render: ({ items, next }, visit) => (
      <Page
        title="Erasures"
        lead="People who were erased on their request. Only that it was done is kept, with keyed hashes: who it was cannot be told from here."
      >
        {items.length === 0 ? (
          <EmptyState icon="person" title="Nobody was erased">
            <p>To erase a person, open one of their passes: it is at its end.</p>
          </EmptyState>
        ) : (
          <Card flush>
            <Table
              label="Erasures"
              rows={items}
              columns={[
                { title: "When", cell: (erasure) => <When erasure={erasure} now={visit.now} /> },
                { title: "Asked by", cell: ({ requestedBy }) => requestedBy },
                { title: "Passes ended", cell: ({ counts }) => counts.passes },
                { title: "Kept texts removed", cell: ({ counts }) => textsForgotten(counts) },
                { title: "Klaviyo", cell: (erasure) => <Klaviyo erasure={erasure} /> },
              ]}
            />
          </Card>
        )}
        <Pagination visit={visit} path={PATH} next={next} />
      </Page>
    ),
  });

function When({ erasure: { id, erasedAt }, now }: { erasure: ErasureView; now: number }) {
  return (
    <>
      <Time at={erasedAt} now={now} />
      <small>{id}</small>
    </>
  );
}

const KLAVIYO: Readonly<Record<ErasureView["klaviyo"], { readonly tone: Tone; readonly word: string }>> = {
  none: { tone: "plain", word: "Not known there" },
  waiting: { tone: "accent", word: "To be asked" },
  requested: { tone: "good", word: "Asked to forget" },
  recorded: { tone: "plain", word: "Sandbox: not asked" },
};

function Klaviyo({ erasure: { klaviyo, klaviyoError } }: { erasure: ErasureView }) {
  const { tone, word } = KLAVIYO[klaviyo];
  return (
    <div>
      <Badge tone={tone}>{word}</Badge>
      {klaviyoError !== null && <span class="reason">{klaviyoError}</span>}
    </div>
  );
}
