/** @jsxImportSource preact */
import { hexOf } from "../../../../apple/format/values.ts";
import { IMAGE_SIZES, type ImageName } from "../../../../apple/image-sizes.ts";
import { PASS_STYLES } from "../../../../templates/definition.ts";
import { styleOf } from "../../../../templates/design/design.ts";
import type { DesignFinding } from "../../../../templates/design/examine-design.ts";
import { filesOf, MAX_UPLOAD_BYTES, TOO_LARGE, wordsForSize } from "../../../../templates/design/uploaded-image.ts";
import type { Draft } from "../../../../templates/drafts/drafts.ts";
import { BLACK, contrast, READABLE, WHITE } from "../../../preview/colours.ts";
import { type ImageAddress, passImage } from "../../../preview/pass-images.ts";
import type { PassColours } from "../../../preview/pass-view.ts";
import { Field, Select } from "../../components/field.tsx";
import { capitalised, STYLE_WORDS } from "../../words.ts";
import { At, type DesignForm, Edit, placeOf, Section } from "./design-inputs.tsx";
import { imageWords } from "./design-words.ts";

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
  ["pass.backgroundColor", "Background", "background"],
  ["pass.foregroundColor", "Values", "foreground"],
  ["pass.labelColor", "Labels", "label"],
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
        {COLOURS.map(([name, label, key]) => (
          <At key={name} name={name}>
            <div class="colour">
              <Field label={label} autocomplete="off" placeholder="#173f39" {...form.field(name)} />
              {/* For the script, which lets the two say the same. */}
              <input
                type="color"
                data-colour={name}
                aria-label={`${label}: choose`}
                value={hexOf(colours[key])}
                hidden
              />
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

/** How well what is drawn can be read; where it cannot, a remark at the colour says more. */
const Contrast = ({ label, ratio }: { label: string; ratio: number }) => (
  <li class={ratio >= READABLE ? "good" : "poor"}>
    {label}: {ratio >= READABLE ? "easy to read" : "hard to read"} ({ratio.toFixed(1)} : 1)
  </li>
);

/** What is to be said of colours on which texts are hard to read. */
export function contrastFindings({ background, foreground, label }: PassColours): DesignFinding[] {
  const texts = [
    ["pass.foregroundColor", foreground],
    ["pass.labelColor", label],
  ] as const;
  return texts.flatMap(([input, colour]): DesignFinding[] => {
    const ratio = contrast(background, colour);
    if (ratio >= READABLE) return [];
    const [better] = [WHITE, BLACK].toSorted((one, other) => contrast(background, other) - contrast(background, one));
    const way = better === WHITE ? "lighter" : "darker";
    const message = `is hard to read on the background (${ratio.toFixed(1)} : 1, at least ${READABLE} : 1 is asked for); take a ${way} one, or another background`;
    return [{ input, severity: "warning", path: input, message }];
  });
}

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
        One file is enough, as large as it says below or larger, in the same proportions: smaller ones for other screens
        are made from it, and nothing is cut off.
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
  const { title, about } = imageWords(name);
  const files = filesOf(draft.images, name);
  const image = passImage(draft.images, name, undefined, imageAddress);
  const { error, warning } = form.field(`images.${name}`);
  const refused = form.visit.form("draft").field(`images.${name}`).error;
  const localised = [...draft.images.keys()].filter((file) => file.includes(`.lproj/${name}`));
  const input = `${placeOf(`images.${name}`)}-file`;
  return (
    <div class="image-slot" id={placeOf(`images.${name}`)} data-edited={name}>
      <div class="image-shown">{image ? <img src={image.src} alt="" /> : <span>No picture</span>}</div>
      <div class={error || refused ? "field wrong" : "field"}>
        <label for={input}>{title}</label>
        <div class="hint">
          {about} {capitalised(wordsForSize(name))} pixels.
          {files.length > 0 && ` Here as ${files.map((file) => fileWords(file, draft)).join(", ")}.`}
          {localised.length > 0 && ` For languages: ${localised.join(", ")}.`}
        </div>
        {refused && <div class="error">{capitalised(refused)}.</div>}
        {error && <div class="error">{capitalised(error)}</div>}
        {warning && <div class="warning">{capitalised(warning)}</div>}
        <div class="file">
          <input
            id={input}
            type="file"
            name={`images.${name}`}
            accept="image/png"
            data-max-bytes={MAX_UPLOAD_BYTES}
            data-too-large={`This file ${TOO_LARGE}.`}
          />
          {files.length > 0 && <Edit form={form} does={`remove-image ${name}`} label="Remove" what={title} danger />}
        </div>
      </div>
    </div>
  );
}

const fileWords = (file: string, { made }: Draft): string =>
  `${/@(\d)x/.exec(file)?.[1] ?? "1"}×${made.includes(file) ? " (made)" : ""}`;
