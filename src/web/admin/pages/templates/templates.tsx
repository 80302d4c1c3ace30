/** @jsxImportSource preact */
import { countsByTemplate, NO_COUNTS, type TemplateCounts } from "../../../../passes/daily-count-store.ts";
import type { DraftFacts } from "../../../../templates/drafts/draft-store.ts";
import type { LiveTemplate } from "../../../../templates/templates.ts";
import type { PassView } from "../../../preview/pass-view.ts";
import { passColourRule } from "../../../preview/preview-style.ts";
import { definePage } from "../../admin-page.ts";
import { LinkButton } from "../../components/button.tsx";
import { Card } from "../../components/card.tsx";
import { EmptyState } from "../../components/empty-state.tsx";
import { Page } from "../../components/page.tsx";
import { Pagination, pageRequest } from "../../components/pagination.tsx";
import { Time } from "../../components/time.tsx";
import type { PageDependencies } from "../../page-dependencies.ts";
import type { Visit } from "../../visit.ts";
import { STYLE_WORDS } from "../../words.ts";
import { PassThumbnail } from "./pass-thumbnail.tsx";
import { versionImageAddress } from "./template-images.ts";

const PATH = "/templates";

type Dependencies = Pick<PageDependencies, "db" | "drafts" | "templates" | "previewTemplate">;

interface Listed extends LiveTemplate {
  readonly counts: TemplateCounts;
  readonly view: PassView;
}

/** Every template, with a small picture of its passes. */
export const templatesPage = ({ db, drafts, templates, previewTemplate }: Dependencies) =>
  definePage({
    path: PATH,
    section: "templates",
    role: "viewer",
    title: () => "Templates",

    async load(visit) {
      const { account, admin } = visit;
      const [{ items, next }, counts, written] = await Promise.all([
        templates.list(account.id, pageRequest(visit)),
        countsByTemplate(db.read, account.id),
        drafts.list(account.id, admin.id),
      ]);
      const listed = items.map(async (row): Promise<Listed> => {
        const version = await templates.version(account.id, row.id, row.currentVersion);
        const imageAddress = versionImageAddress(visit, version);
        const view = previewTemplate({ account, template: version, imageAddress });
        return { row, version, view, counts: counts.get(row.id) ?? NO_COUNTS };
      });
      return { items: await Promise.all(listed), next, written: visit.may("editor") ? written : [] };
    },

    style: ({ items }) => items.map(({ view }, i) => passColourRule(previewId(i), view)).join("\n"),

    render: ({ items, next, written }, visit) => (
      <Page
        title="Templates"
        lead="What passes look like, and what a flow fills in."
        actions={
          visit.may("editor") && (
            <LinkButton tone="primary" href={visit.to("/templates/new")}>
              New template
            </LinkButton>
          )
        }
      >
        {written.length > 0 && <WrittenDrafts drafts={written} visit={visit} />}
        {items.length === 0 ? (
          <EmptyState icon="template" title="No template yet">
            <p>A template says what passes look like. Begin with one that is ready, and make it yours.</p>
          </EmptyState>
        ) : (
          <ul class="template-list">
            {items.map((template, i) => (
              <li key={template.row.id}>
                <TemplateCard template={template} id={previewId(i)} visit={visit} />
              </li>
            ))}
          </ul>
        )}
        <Pagination visit={visit} path={PATH} next={next} words={{ first: "Beginning", next: "More" }} />
      </Page>
    ),
  });

const previewId = (i: number): string => `preview-${i}`;

/** What the visitor began and did not save. */
function WrittenDrafts({ drafts, visit }: { drafts: readonly DraftFacts[]; visit: Visit }) {
  return (
    <Card title="Your drafts">
      <ul class="rows">
        {drafts.map(({ templateId, basedOn, name, updatedAt }) => (
          <li key={templateId}>
            <a href={visit.to(`${PATH}/${templateId}/design`)}>{name || "Without a name"}</a>
            <span>
              {basedOn === 0 ? "new" : `of version ${basedOn}`}, <Time at={updatedAt} now={visit.now} />
            </span>
          </li>
        ))}
      </ul>
    </Card>
  );
}

function TemplateCard({ template, id, visit }: { template: Listed; id: string; visit: Visit }) {
  const { row, version, counts, view } = template;
  return (
    <article class="card template-card">
      <PassThumbnail view={view} id={id} />
      <div>
        <h2>
          <a href={visit.to(`${PATH}/${row.id}`)}>{row.name}</a>
        </h2>
        <p class="aside">{STYLE_WORDS[version.definition.style].name}</p>
        <dl>
          <div>
            <dt>Issued</dt>
            <dd>{counts.issued}</dd>
          </div>
          <div>
            <dt>In wallets</dt>
            <dd>{counts.installed}</dd>
          </div>
        </dl>
        <p class="aside">
          Version {row.currentVersion}, <Time at={row.updatedAt} now={visit.now} />
        </p>
      </div>
    </article>
  );
}
