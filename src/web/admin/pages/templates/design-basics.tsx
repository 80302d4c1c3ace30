/** @jsxImportSource preact */
import { IMAGE_SIZES, type ImageName } from "../../../../apple/image-sizes.ts";
import { PASS_STYLES } from "../../../../templates/definition.ts";
import { styleOf } from "../../../../templates/design/design.ts";
import { filesOf, wordsForSize } from "../../../../templates/design/uploaded-image.ts";
import type { Draft } from "../../../../templates/drafts/drafts.ts";
import { contrast, parseColour, READABLE } from "../../../preview/colours.ts";
import { type ImageAddress, passImage } from "../../../preview/pass-images.ts";
import type { PassColours } from "../../../preview/pass-view.ts";
import { Field, Select } from "../../components/field.tsx";
import { capitalised, STYLE_WORDS } from "../../words.ts";
import { At, type DesignForm, Edit, placeOf, Section } from "./design-inputs.tsx";

/** Name, style and the texts of the whole pass. */
export function BasicsSection({ form }: { form: DesignForm }) {
  return (
    <Section
      id="basics"
      title="Basics"
      about="Name, style and texts"
      form={form}
      inputs={["name", "style", "pass.logoText", "pass.organizationName", "pass.description"]}
      open
    >
      <div class="field-grid">
        <At name="name">
          <Field label="Name of the template" autocomplete="off" hint="For you alone." {...form.field("name")} />
        </At>
        <At name="style">
          <Select
            label="Style"
            hint="Sets the shape and the places of fields."
            {...form.field("style")}
            options={PASS_STYLES.map((value) => ({ value, label: STYLE_WORDS[value].name }))}
          />
        </At>
        <At name="pass.logoText">
          <Field label="Text beside the logo" autocomplete="off" {...form.field("pass.logoText")} />
        </At>
        <At name="pass.organizationName">
          <Field
            label="Organisation"
            autocomplete="off"
            hint="On the lock screen and in mail. Empty: the account's name."
            {...form.field("pass.organizationName")}
          />
        </At>
        <div class="wide">
          <At name="pass.description">
            <Field
              label="Description"
              autocomplete="off"
              hint="What the pass is, read out to those who do not see it."
              {...form.field("pass.description")}
            />
          </At>
        </div>
      </div>
    </Section>
  );
}

const COLOURS = [
  ["pass.backgroundColor", "Background"],
  ["pass.foregroundColor", "Values"],
  ["pass.labelColor", "Labels"],
] as const;

export function ColoursSection({ form, colours }: { form: DesignForm; colours: PassColours }) {
  return (
    <Section
      id="colours"
      title="Colours"
      about="Background, values and labels"
      form={form}
      inputs={COLOURS.map(([name]) => name)}
      open
    >
      <div class="field-grid">
        {COLOURS.map(([name, label]) => (
          <At key={name} name={name}>
            <div class="colour">
              <Field label={label} autocomplete="off" placeholder="#173f39" {...form.field(name)} />
              {/* For the script, which lets the two say the same. */}
              <input type="color" data-colour={name} aria-label={`${label}: choose`} value={hexOf(form, name)} hidden />
            </div>
          </At>
        ))}
      </div>
      <ul class="contrast" data-part="contrast">
        <Contrast label="Values" ratio={contrast(colours.background, colours.foreground)} />
        <Contrast label="Labels" ratio={contrast(colours.background, colours.label)} />
      </ul>
    </Section>
  );
}

function Contrast({ label, ratio }: { label: string; ratio: number }) {
  const isReadable = ratio >= READABLE;
  return (
    <li class={isReadable ? "good" : "poor"}>
      {label}: {isReadable ? "easy to read" : ratio >= 3 ? "hard to read when small" : "hard to read"} (
      {ratio.toFixed(1)} : 1{isReadable ? "" : `, at least ${READABLE} : 1 is asked for`})
    </li>
  );
}

function hexOf(form: DesignForm, name: string): string {
  const colour = parseColour(form.field(name).value) ?? [0, 0, 0];
  return `#${colour.map((channel) => Math.round(channel).toString(16).padStart(2, "0")).join("")}`;
}

const IMAGE_WORDS: Readonly<Partial<Record<ImageName, readonly [title: string, about: string]>>> = {
  icon: ["Icon", "Beside notifications and in mail. Every pass needs it."],
  logo: ["Logo", "At the top left."],
  strip: ["Strip", "Behind the large field."],
  thumbnail: ["Thumbnail", "At the right."],
  background: ["Background", "Behind everything, blurred on event tickets."],
  footer: ["Footer", "Above the barcode."],
  artwork: ["Artwork", "Fills the poster."],
  primaryLogo: ["Logo of the poster", "At the top of a poster."],
  secondaryLogo: ["Second logo of the poster", "Beside the first."],
  personalizationLogo: ["Logo of the sign-up", "Where a phone asks the customer for a name."],
};

interface ImagesSectionProps {
  readonly form: DesignForm;
  readonly draft: Draft;
  readonly imageAddress: ImageAddress;
}

/** A place for each image that the style shows, and for those that are there. */
export function ImagesSection({ form, draft, imageAddress }: ImagesSectionProps) {
  const style = styleOf(form.design);
  const names = (Object.keys(IMAGE_SIZES) as ImageName[]).filter(
    (name) =>
      (IMAGE_SIZES[name].usedBy.includes(style) && name !== "personalizationLogo") ||
      filesOf(draft.images, name).length > 0,
  );
  return (
    <Section id="images" title="Images" about="PNG files; larger is better" form={form} inputs={["images."]} open>
      <p class="aside">
        One file is enough, the largest that you have, in the proportions of its place: smaller ones for other screens
        are made from it. At three pixels to a point, a strip of 375 × 144 points is 1125 × 432 pixels.
      </p>
      <div class="image-slots" data-part="images">
        {names.map((name) => (
          <ImageSlot key={name} name={name} form={form} draft={draft} imageAddress={imageAddress} />
        ))}
      </div>
    </Section>
  );
}

function ImageSlot({ name, form, draft, imageAddress }: ImagesSectionProps & { name: ImageName }) {
  const [title, about] = IMAGE_WORDS[name] ?? [capitalised(name), ""];
  const files = filesOf(draft.images, name);
  const image = passImage(draft.images, name, undefined, imageAddress);
  const { error, warning } = form.field(`images.${name}`);
  const refused = form.visit.form("draft").field(`images.${name}`).error;
  const localised = [...draft.images.keys()].filter((file) => file.includes(`.lproj/${name}`));
  const input = `${placeOf(`images.${name}`)}-file`;
  return (
    <div class="image-slot" id={placeOf(`images.${name}`)}>
      <div class="image-shown">{image ? <img src={image.src} alt="" /> : <span>No picture</span>}</div>
      <div class={error || refused ? "field wrong" : "field"}>
        <label for={input}>{title}</label>
        <div class="hint">
          {about} {capitalised(wordsForSize(name))} points.
          {files.length > 0 && ` Here as ${files.map((file) => fileWords(file, draft)).join(", ")}.`}
          {localised.length > 0 && ` For languages: ${localised.join(", ")}.`}
        </div>
        {refused && <div class="error">{capitalised(refused)}.</div>}
        {error && <div class="error">{capitalised(error)}</div>}
        {warning && <div class="warning">{capitalised(warning)}</div>}
        <div class="file">
          <input id={input} type="file" name={`images.${name}`} accept="image/png" />
          {files.length > 0 && <Edit form={form} does={`remove-image ${name}`} label="Remove" what={title} danger />}
        </div>
      </div>
    </div>
  );
}

const fileWords = (file: string, { made }: Draft): string =>
  `${/@(\d)x/.exec(file)?.[1] ?? "1"}×${made.includes(file) ? " (made)" : ""}`;
