/** @jsxImportSource preact */
import { IMAGE_NAMES } from "../../../../apple/image-sizes.ts";
import { isLanguage, NOT_A_LANGUAGE } from "../../../../apple/languages.ts";
import { AppError } from "../../../../errors.ts";
import { type Design, itemsOf } from "../../../../templates/design/design.ts";
import { designOfForm, editList, parseListEdit } from "../../../../templates/design/design-form.ts";
import { examineDesign } from "../../../../templates/design/examine-design.ts";
import { MAX_UPLOAD_BYTES, takeImage } from "../../../../templates/design/uploaded-image.ts";
import { differencesOf } from "../../../../templates/differences.ts";
import type { Draft } from "../../../../templates/drafts/drafts.ts";
import { passColourRule } from "../../../preview/preview-style.ts";
import { definePage } from "../../admin-page.ts";
import { Page } from "../../components/page.tsx";
import type { PageDependencies } from "../../page-dependencies.ts";
import type { SentForm } from "../../sent-form.ts";
import type { Visit } from "../../visit.ts";
import { contrastFindings } from "./design-basics.tsx";
import { Conflict } from "./design-conflict.tsx";
import { DesignEditor } from "./design-editor.tsx";
import { designForm } from "./design-inputs.tsx";
import { PREVIEW_ID } from "./design-preview.tsx";
import { draftImageAddress } from "./draft-images.ts";

/** Several pictures may be chosen before they are sent. */
const MAX_FORM_BYTES = 2 * MAX_UPLOAD_BYTES;

type Dependencies = Pick<PageDependencies, "clock" | "drafts" | "templates" | "previewTemplate">;

/** The designer: a template's form, with the pass that it makes beside it. */
export const designPage = ({ clock, drafts, templates, previewTemplate }: Dependencies) => {
  /** Stores what was sent, with what a button of the form does to it. */
  async function store(visit: Visit, form: SentForm): Promise<Draft> {
    if (!form.has("based-on")) throw new AppError("invalid", "What was sent is not the form of a template.");
    const key = keyOf(visit);
    const draft = await drafts.open(key, Number(form.text("based-on")) || undefined);
    const edit = form.text("edit");
    await drafts.write(key, draft, edited(designOf(form), edit, form));
    let stored: Draft = { ...draft, storedAt: draft.storedAt ?? clock.now() };
    for (const name of IMAGE_NAMES) {
      const file = form.file(`images.${name}`);
      if (edit === `remove-image ${name}`) stored = await drafts.setImage(key, stored, name, undefined);
      else if (file) stored = await drafts.setImage(key, stored, name, await takeImage(name, await bytesOf(file)));
    }
    return stored;
  }

  async function publish(visit: Visit) {
    const { id, version, warnings } = await drafts.publish(keyOf(visit), visit.admin.email).catch(inWordsOfTheForm);
    const said = warnings.length === 0 ? "" : ` Worth a look: ${warnings.length}.`;
    return {
      to: `/templates/${id}`,
      notice: `Saved: this is version ${version}. Phones are told where passes look different.${said}`,
    };
  }

  return definePage({
    path: "/templates/:template/design",
    section: "templates",
    role: "editor",

    async load(visit) {
      const { account } = visit;
      const draft = await drafts.open(keyOf(visit));
      const { templateId, basedOn, design, images, made } = draft;
      const current = basedOn === 0 ? undefined : await templates.current(account.id, templateId);
      const saved = current && current.version !== basedOn ? current : undefined;
      const base = saved && (await templates.version(account.id, templateId, basedOn));
      const examined = examineDesign(design, {
        ...{ images, made, now: clock.now() },
        certificate: await templates.signedBy(account.id, { passTypeIdentifier: design.texts["passTypeIdentifier"] }),
      });
      const { definition, drawable, locales } = examined;
      const imageAddress = draftImageAddress(visit, templateId);
      const template = {
        ...{ id: templateId, accountId: account.id, version: basedOn, createdAt: clock.now(), author: null },
        ...{ definition: drawable, locales, images, madeImages: made },
      };
      const view = previewTemplate({
        ...{ account, template, imageAddress },
        language: design.texts["preview.language"] || undefined,
        requiredOnly: design.texts["preview.values"] === "required",
      });
      const conflict = saved &&
        base && {
          ...{ saved, theirs: differencesOf(base, saved) },
          mine: differencesOf(base, { definition, locales, images, madeImages: made }),
        };
      return { draft, examined, view, imageAddress, conflict };
    },

    title: ({ examined }) => examined.drawable.name,

    style: ({ view }) => passColourRule(PREVIEW_ID, view),

    render({ draft, examined, view, imageAddress, conflict }, visit) {
      const isNew = draft.basedOn === 0;
      const path = isNew ? "/templates" : `/templates/${draft.templateId}`;
      return (
        <Page
          title={examined.drawable.name}
          lead={isNew ? "A new template, which is not saved yet." : undefined}
          back={{ href: visit.to(path), label: isNew ? "Templates" : "The template" }}
        >
          {conflict && <Conflict {...conflict} draft={draft} visit={visit} />}
          <DesignEditor
            form={designForm(visit, draft.design, [...examined.findings, ...contrastFindings(view.colours)])}
            draft={draft}
            view={view}
            imageAddress={imageAddress}
            overtaken={conflict !== undefined}
          />
        </Page>
      );
    },

    actions: {
      /** Every change while somebody types; the page that follows has the preview. */
      draft: {
        role: "editor",
        maxBytes: MAX_FORM_BYTES,
        async perform(visit, form) {
          const { templateId } = await store(visit, form);
          return { to: `/templates/${templateId}/design${anchorOf(form.text("edit"))}` };
        },
      },
      save: {
        role: "editor",
        maxBytes: MAX_FORM_BYTES,
        async perform(visit, form) {
          await store(visit, form);
          return publish(visit);
        },
      },
      overwrite: {
        role: "editor",
        async perform(visit) {
          await drafts.rebase(keyOf(visit));
          return publish(visit);
        },
      },
      discard: {
        role: "editor",
        maxBytes: MAX_FORM_BYTES,
        async perform(visit) {
          const { templateId, basedOn } = await drafts.open(keyOf(visit));
          await drafts.discard({ ...keyOf(visit), templateId });
          return {
            to: basedOn === 0 ? "/templates" : `/templates/${templateId}`,
            notice: "Your draft is thrown away.",
          };
        },
      },
    },
  });
};

const keyOf = ({ account, admin, params }: Visit) => ({
  accountId: account.id,
  adminId: admin.id,
  templateId: params["template"] ?? "",
});

/** Browsers send line breaks as two characters. */
const designOf = (form: SentForm): Design =>
  designOfForm(form.names, (name) => form.raw(name).replaceAll("\r\n", "\n"));

function edited(design: Design, edit: string, form: SentForm): Design {
  const change = parseListEdit(edit);
  if (change?.does !== "add" || change.list !== "languages") return change ? editList(design, change) : design;
  const code = form.text("language");
  const isThere = itemsOf(design, "languages").some((one) => one["code"] === code);
  if (isLanguage(code) && !isThere) return editList(design, { ...change, item: { code } });
  throw new AppError("invalid", "The language was not added.", {
    details: [{ path: "language", message: isThere ? "is there already" : NOT_A_LANGUAGE }],
  });
}

/** Where the page shall stand afterwards. */
function anchorOf(edit: string): string {
  const change = parseListEdit(edit);
  if (change) return `#at-${change.list}`;
  return edit.startsWith("remove-image") ? "#images" : "";
}

/** What is wrong stands at the inputs, and what somebody else saved above them. */
function inWordsOfTheForm(error: unknown): never {
  if (!(error instanceof AppError)) throw error;
  if (error.code === "conflict") {
    throw new AppError("conflict", "It was not saved: somebody else was faster. Decide below which version stays.");
  }
  if (error.code !== "invalid") throw error;
  throw new AppError("invalid", "It was not saved: there is something to mend first.", { details: error.details });
}

const bytesOf = async (file: File): Promise<Buffer> => Buffer.from(await file.arrayBuffer());
