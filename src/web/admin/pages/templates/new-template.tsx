/** @jsxImportSource preact */
import { AppError } from "../../../../errors.ts";
import { blankTemplate } from "../../../../templates/blank.ts";
import { makeDensities } from "../../../../templates/densities.ts";
import { readGalleryTemplate } from "../../../../templates/folder.ts";
import { GALLERY, type GalleryTemplate } from "../../../../templates/gallery/index.ts";
import { STARTER_STYLES } from "../../../../templates/starter.ts";
import type { TemplateRow, TemplateVersion } from "../../../../templates/template-store.ts";
import type { PassView } from "../../../preview/pass-view.ts";
import { passColourRule } from "../../../preview/preview-style.ts";
import { definePage } from "../../admin-page.ts";
import { Button } from "../../components/button.tsx";
import { Card } from "../../components/card.tsx";
import { Field, Select } from "../../components/field.tsx";
import { Form, Hidden } from "../../components/form.tsx";
import { Page } from "../../components/page.tsx";
import type { PageDependencies } from "../../page-dependencies.ts";
import type { Visit } from "../../visit.ts";
import { capitalised, STYLE_WORDS } from "../../words.ts";
import { galleryImageAddress } from "./gallery-images.ts";
import { PassThumbnail } from "./pass-thumbnail.tsx";
import { MAX_PASS_BYTES, readUploadedPass } from "./uploaded-pass.ts";

const MAX_TEMPLATES = 200;
/** Of a cookie, which holds it until the next page. */
const MAX_NOTICE = 1_000;

type Dependencies = Pick<PageDependencies, "clock" | "drafts" | "templates" | "previewTemplate">;

interface GalleryEntry {
  readonly template: GalleryTemplate;
  readonly name: string;
  readonly view: PassView;
}

/** The ways to a new template. Each leads into the designer, and nothing is there for flows before it is saved. */
export const newTemplatePage = ({ clock, drafts, templates, previewTemplate }: Dependencies) => {
  const into = (id: string, notice?: string) => ({
    to: `/templates/${id}/design`,
    ...(notice === undefined ? {} : { notice }),
  });
  const ownerOf = ({ account, admin }: Visit) => ({ accountId: account.id, adminId: admin.id });

  async function galleryEntry(visit: Visit, template: GalleryTemplate): Promise<GalleryEntry> {
    const { definition, images } = await readGalleryTemplate(template);
    const version = {
      ...{ id: template.name, accountId: visit.account.id, version: 1, createdAt: clock.now(), author: null },
      // Part of the program; a test pushes each of them.
      ...{ definition: definition as TemplateVersion["definition"], images, locales: {}, madeImages: [] },
    };
    const imageAddress = galleryImageAddress(visit, template.name);
    const view = previewTemplate({ account: visit.account, template: version, imageAddress });
    return { template, name: version.definition.name, view };
  }

  return definePage({
    path: "/templates/new",
    section: "templates",
    role: "editor",
    title: () => "New template",

    async load(visit) {
      const [gallery, { items }] = await Promise.all([
        Promise.all(GALLERY.map((template) => galleryEntry(visit, template))),
        templates.list(visit.account.id, { limit: MAX_TEMPLATES }),
      ]);
      return { gallery, present: items };
    },

    style: ({ gallery }) => gallery.map(({ view, template }) => passColourRule(previewId(template), view)).join("\n"),

    render: ({ gallery, present }, visit) => (
      <Page
        title="New template"
        lead="Choose what to begin with. You can change everything afterwards, and nothing is in use before you save it."
        back={{ href: visit.to("/templates"), label: "Templates" }}
      >
        <ul class="template-list">
          {gallery.map((entry) => (
            <li key={entry.template.name}>
              <GalleryCard entry={entry} visit={visit} />
            </li>
          ))}
        </ul>
        <div class="ways">
          <FromStyle visit={visit} />
          <FromPass visit={visit} />
          {present.length > 0 && <FromTemplate present={present} visit={visit} />}
        </div>
      </Page>
    ),

    actions: {
      gallery: {
        role: "editor",
        async perform(visit, form) {
          const template = GALLERY.find(({ name }) => name === form.text("gallery"));
          if (!template) throw new AppError("not_found", "There is no such template in the gallery.");
          const { definition, images } = await readGalleryTemplate(template);
          // As above.
          const content = { definition: definition as TemplateVersion["definition"], locales: {} };
          return into(await drafts.begin(ownerOf(visit), content, { images, made: [] }));
        },
      },
      scratch: {
        role: "editor",
        async perform(visit, form) {
          const style = STARTER_STYLES.find((known) => known === form.text("style")) ?? "storeCard";
          const { definition, images } = blankTemplate(form.required("name").slice(0, 100), style);
          const made = await makeDensities(images);
          const all = { images: new Map([...images, ...made]), made: [...made.keys()] };
          return into(await drafts.begin(ownerOf(visit), { definition, locales: {} }, all));
        },
      },
      import: {
        role: "editor",
        maxBytes: MAX_PASS_BYTES + 64 * 1024,
        async perform(visit, form) {
          const { images, notes, ...content } = await readUploadedPass(form.file("pass"));
          const id = await drafts.begin(ownerOf(visit), content, { images, made: [] });
          const said = ["The pass was read. Look through what was made of it.", ...notes].join(" ");
          return into(id, said.length > MAX_NOTICE ? `${said.slice(0, MAX_NOTICE)}…` : said);
        },
      },
      copy: {
        role: "editor",
        async perform(visit, form) {
          const original = await templates.current(visit.account.id, form.text("template"));
          const { definition, locales, images, madeImages: made } = original;
          const copy = { ...definition, name: `Copy of ${definition.name}`.slice(0, 100) };
          return into(await drafts.begin(ownerOf(visit), { definition: copy, locales }, { images, made }));
        },
      },
    },
  });
};

const previewId = ({ name }: GalleryTemplate): string => `gallery-${name}`;

function GalleryCard({ entry: { template, name, view }, visit }: { entry: GalleryEntry; visit: Visit }) {
  return (
    <article class="card template-card">
      <PassThumbnail view={view} id={previewId(template)} />
      <div>
        <h2>{name}</h2>
        <p class="aside">{template.title}</p>
        <Form action={visit.action("gallery")} inline>
          <Hidden name="gallery" value={template.name} />
          <Button>
            Begin with it<span class="unseen">: {name}</span>
          </Button>
        </Form>
      </div>
    </article>
  );
}

function FromStyle({ visit }: { visit: Visit }) {
  const form = visit.form("scratch");
  return (
    <Card title="From a style">
      <Form action={visit.action("scratch")}>
        <Field label="Name" required autocomplete="off" {...form.field("name")} />
        <Select
          label="Style"
          {...form.field("style", "storeCard")}
          options={STARTER_STYLES.map((value) => ({
            value,
            label: `${STYLE_WORDS[value].name}: ${STYLE_WORDS[value].about.toLowerCase()}`,
          }))}
        />
        <Button>Begin with the style</Button>
      </Form>
    </Card>
  );
}

function FromPass({ visit }: { visit: Visit }) {
  const { error } = visit.form("import").field("pass");
  return (
    <Card title="From a pass">
      <Form action={visit.action("import")} files>
        <div class={error ? "field wrong" : "field"}>
          <label for="pass-file">A .pkpass file, as it is mailed or downloaded</label>
          <input id="pass-file" type="file" name="pass" accept=".pkpass,application/vnd.apple.pkpass" required />
          {error && <div class="error">{capitalised(error)}</div>}
          <div class="hint">
            Its look, texts and images are taken over, and what is another one on each pass becomes a value that flows
            fill in. At most 10 MB.
          </div>
        </div>
        <Button>Read the pass</Button>
      </Form>
    </Card>
  );
}

function FromTemplate({ present, visit }: { present: readonly TemplateRow[]; visit: Visit }) {
  return (
    <Card title="As a copy">
      <Form action={visit.action("copy")}>
        <Select
          label="Template"
          {...visit.form("copy").field("template")}
          options={present.map(({ id, name }) => ({ value: id, label: name }))}
        />
        <Button>Copy it</Button>
      </Form>
    </Card>
  );
}
