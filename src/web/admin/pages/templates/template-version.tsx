/** @jsxImportSource preact */
import { type DifferenceGroup, differencesOf } from "../../../../templates/differences.ts";
import type { TemplateVersion } from "../../../../templates/template-store.ts";
import { PassFront } from "../../../preview/pass-front.tsx";
import { passColourRule } from "../../../preview/preview-style.ts";
import { definePage } from "../../admin-page.ts";
import { Button } from "../../components/button.tsx";
import { Card } from "../../components/card.tsx";
import { Confirm } from "../../components/confirm.tsx";
import { Select } from "../../components/field.tsx";
import { Form } from "../../components/form.tsx";
import { Page } from "../../components/page.tsx";
import { Time } from "../../components/time.tsx";
import type { PageDependencies } from "../../page-dependencies.ts";
import type { Visit } from "../../visit.ts";
import { Differences } from "./differences.tsx";
import { PREVIEW_TEXTS } from "./pass-thumbnail.tsx";
import { versionImageAddress } from "./template-images.ts";

const PREVIEW_ID = "preview";
/** To be chosen from. */
const MAX_VERSIONS = 100;

type Dependencies = Pick<PageDependencies, "templates" | "previewTemplate">;

/** A version of a template, what differs from another one, and the way back to it. */
export const templateVersionPage = ({ templates, previewTemplate }: Dependencies) =>
  definePage({
    path: "/templates/:template/versions/:version",
    section: "templates",
    role: "viewer",

    async load(visit) {
      const { account, params, query } = visit;
      const { row } = await templates.find(account.id, params["template"] ?? "");
      const shown = await templates.version(account.id, row.id, Number(params["version"]));
      const known = await templates.versions(account.id, row.id, { limit: MAX_VERSIONS });
      const asked = query.get("with") || String(Math.max(1, shown.version - 1));
      const other = await templates.version(account.id, row.id, Number(asked));
      const view = previewTemplate({ account, template: shown, imageAddress: versionImageAddress(visit, shown) });
      return { row, shown, other, versions: known.items.map(({ version }) => version), view };
    },

    title: ({ row, shown }) => `${row.name}, version ${shown.version}`,

    style: ({ view }) => passColourRule(PREVIEW_ID, view),

    render({ row, shown, other, versions, view }, visit) {
      const path = `/templates/${row.id}`;
      const isCurrent = shown.version === row.currentVersion;
      return (
        <Page
          title={`Version ${shown.version}`}
          lead={
            <>
              {isCurrent ? "What passes show now. " : ""}Saved <Time at={shown.createdAt} now={visit.now} />
              {shown.author && ` by ${shown.author}`}.
            </>
          }
          back={{ href: visit.to(path), label: row.name }}
        >
          <div class="columns picture-first">
            <div>
              {versions.length > 1 && (
                <Comparison {...{ shown, other, versions }} groups={differencesOf(other, shown)} visit={visit} />
              )}
              {!isCurrent && visit.may("editor") && <Restore version={shown.version} visit={visit} />}
            </div>
            <div>
              <PassFront view={view} texts={PREVIEW_TEXTS} id={PREVIEW_ID} />
            </div>
          </div>
        </Page>
      );
    },

    actions: {
      restore: {
        role: "editor",
        async perform({ account, admin, params }) {
          const { template = "", version = "" } = params;
          const { id, version: made } = await templates.restore(account.id, template, Number(version), admin.email);
          return {
            to: `/templates/${id}`,
            notice: `Version ${version} is back, as version ${made}. Phones are told where passes look different.`,
          };
        },
      },
    },
  });

interface ComparisonProps {
  readonly shown: TemplateVersion;
  readonly other: TemplateVersion;
  readonly versions: readonly number[];
  readonly groups: readonly DifferenceGroup[];
  readonly visit: Visit;
}

function Comparison({ shown, other, versions, groups, visit }: ComparisonProps) {
  return (
    <Card title="What changed">
      <form class="search" method="get" action={visit.to(`/templates/${shown.id}/versions/${shown.version}`)}>
        <Select
          label="Since"
          name="with"
          value={String(other.version)}
          options={versions
            .filter((version) => version !== shown.version)
            .map((version) => ({ value: String(version), label: `Version ${version}` }))}
        />
        <Button>Compare</Button>
      </form>
      <Differences groups={groups} />
    </Card>
  );
}

function Restore({ version, visit }: { version: number; visit: Visit }) {
  return (
    <Card title="Go back">
      <Confirm label={`Go back to version ${version}…`}>
        <Form action={visit.action("restore")}>
          <p>
            A new version is made that is the same as this one, and passes move to it. Nothing is lost: the versions
            between stay in the list.
          </p>
          <Button tone="primary">Go back to version {version}</Button>
        </Form>
      </Confirm>
    </Card>
  );
}
