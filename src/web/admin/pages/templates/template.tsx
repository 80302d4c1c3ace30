/** @jsxImportSource preact */
import { AppError } from "../../../../errors.ts";
import { countsOfTemplate } from "../../../../passes/daily-count-store.ts";
import { PassBack } from "../../../preview/pass-back.tsx";
import { PassFront } from "../../../preview/pass-front.tsx";
import { passColourRule } from "../../../preview/preview-style.ts";
import { definePage } from "../../admin-page.ts";
import { LinkButton } from "../../components/button.tsx";
import { Card } from "../../components/card.tsx";
import { Page } from "../../components/page.tsx";
import type { PageDependencies } from "../../page-dependencies.ts";
import type { Visit } from "../../visit.ts";
import { STYLE_WORDS } from "../../words.ts";
import { PREVIEW_TEXTS } from "./pass-thumbnail.tsx";
import { versionImageAddress } from "./template-images.ts";
import { TemplateDeletion, TemplateFacts, TemplateInputs, TemplateVersions } from "./template-parts.tsx";

const PREVIEW_ID = "preview";
const SHOWN_VERSIONS = 20;

type Dependencies = Pick<PageDependencies, "db" | "templates" | "previewTemplate">;

/** One template: what its passes look like, what they take, and what became of it. */
export const templatePage = ({ db, templates, previewTemplate }: Dependencies) =>
  definePage({
    path: "/templates/:template",
    section: "templates",
    role: "viewer",

    async load(visit) {
      const { account } = visit;
      const { row, version } = await templates.find(account.id, idOf(visit));
      const [counts, versions] = await Promise.all([
        countsOfTemplate(db.read, account.id, row.id),
        templates.versions(account.id, row.id, { limit: SHOWN_VERSIONS, after: visit.query.get("after") || undefined }),
      ]);
      const view = previewTemplate({ account, template: version, imageAddress: versionImageAddress(visit, version) });
      return { row, version, counts, versions, view };
    },

    title: ({ row }) => row.name,

    style: ({ view }) => passColourRule(PREVIEW_ID, view),

    render({ row, version, counts, versions, view }, visit) {
      return (
        <Page
          title={row.name}
          lead={STYLE_WORDS[version.definition.style].name}
          back={{ href: visit.to("/templates"), label: "Templates" }}
          actions={
            visit.may("editor") && (
              <>
                <LinkButton href={visit.to(`/templates/${row.id}/test`)}>Issue a test pass</LinkButton>
                <LinkButton tone="primary" href={visit.to(`/templates/${row.id}/design`)}>
                  Edit
                </LinkButton>
              </>
            )
          }
        >
          <div class="columns picture-first">
            <div>
              <TemplateFacts row={row} version={version} counts={counts} visit={visit} />
              <TemplateInputs definition={version.definition} />
              <TemplateVersions row={row} versions={versions} visit={visit} />
              {visit.may("editor") && <TemplateDeletion row={row} issued={counts.issued} visit={visit} />}
            </div>
            <div>
              <PassFront view={view} texts={PREVIEW_TEXTS} id={PREVIEW_ID} />
              {view.back.length > 0 && (
                <Card title="On the back">
                  <PassBack fields={view.back} />
                </Card>
              )}
            </div>
          </div>
        </Page>
      );
    },

    actions: {
      delete: {
        role: "editor",
        async perform(visit, form) {
          const { row } = await templates.find(visit.account.id, idOf(visit));
          if (form.text("confirm") !== row.name.trim()) {
            throw new AppError("invalid", "The template was not deleted.", {
              details: [{ path: "confirm", message: `Type the name, ${row.name}, to delete the template.` }],
            });
          }
          await templates.remove(visit.account.id, row.id);
          return { to: "/templates", notice: `“${row.name}” is deleted, and its passes are being deleted.` };
        },
      },
    },
  });

const idOf = ({ params }: Visit): string => params["template"] ?? "";
