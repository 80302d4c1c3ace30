/** @jsxImportSource preact */
import type { ComponentChildren } from "preact";
import type { Barcode } from "./barcode.ts";
import type { FieldRow, FrontField } from "./field-rows.ts";
import type { PassImage } from "./pass-images.ts";
import type { PassView } from "./pass-view.ts";
import type { PreviewTexts } from "./preview-texts.ts";
import { TransitIcon } from "./transit-icon.tsx";

export interface PassFrontProps {
  readonly view: PassView;
  readonly texts: PreviewTexts;
  /** Of the element, unique in the page; `passColourRule` names it. */
  readonly id: string;
}

/** The front of a pass as Wallet draws it, as wide as its container from 280 to 420 pixels. */
export function PassFront({ view, texts, id }: PassFrontProps) {
  const { style, images, barcode, ended } = view;
  return (
    <article
      class="pass"
      id={id}
      data-style={style}
      data-look={lookOf(view)}
      data-ended={ended}
      lang={view.language}
      aria-label={view.description || view.organization}
    >
      <div class="pass-card">
        {images.background && style === "eventTicket" && <Picture class="pass-backdrop" image={images.background} />}
        {style === "posterGeneric" && <Poster image={images.artwork ?? images.background} />}
        <Head view={view} />
        <Body view={view} />
        {images.footer && <Picture class="pass-footer" image={images.footer} />}
        {barcode && <Code barcode={barcode} texts={texts} />}
      </div>
      {ended && <p class="pass-ended">{ended === "voided" ? texts.voided : texts.expired}</p>}
    </article>
  );
}

type Look = "strip" | "lead" | "journey" | "poster";

/** How the middle of the front is laid out. */
function lookOf({ style, images }: PassView): Look {
  if (style === "boardingPass") return "journey";
  if (style === "posterGeneric") return "poster";
  return images.strip || style === "coupon" || style === "storeCard" ? "strip" : "lead";
}

function Head({ view }: { readonly view: PassView }) {
  const { images, logoText, organization, header } = view;
  const logo = images.logo ?? images.primaryLogo;
  return (
    <header class="pass-head">
      {logo && <Picture class="pass-logo" image={logo} alt={logoText ? "" : organization} />}
      {logoText && (
        <span class="pass-logo-text" dir="auto">
          {logoText}
        </span>
      )}
      <Row row={header} class="pass-header-fields" />
    </header>
  );
}

function Body({ view }: { readonly view: PassView }) {
  const { images, primary, rows, transitType } = view;
  const [first, ...others] = rows.map((row, i) => <Row key={i} row={row} class="pass-row" />);
  switch (lookOf(view)) {
    case "strip":
      return (
        <>
          <div class="pass-strip">
            {images.strip && <Picture class="pass-strip-image" image={images.strip} />}
            <Row row={primary} class="pass-primary" />
          </div>
          <Rows>
            {first}
            {others}
          </Rows>
        </>
      );
    case "lead":
      return (
        <Rows>
          <div class="pass-lead">
            <div class="pass-lead-fields">
              <Row row={primary} class="pass-primary" />
              {first}
            </div>
            {images.thumbnail && <Picture class="pass-thumbnail" image={images.thumbnail} />}
          </div>
          {others}
        </Rows>
      );
    case "journey":
      return (
        <>
          <div class="pass-journey">
            <Row row={{ ...primary, fields: primary.fields.slice(0, 1) }} class="pass-primary" />
            {primary.fields.length > 1 && <TransitIcon type={transitType} />}
            <Row row={{ ...primary, fields: primary.fields.slice(1) }} class="pass-primary pass-destination" />
          </div>
          <Rows>
            {first}
            {others}
          </Rows>
        </>
      );
    case "poster":
      return (
        <Rows>
          <Row row={primary} class="pass-primary" />
          {first}
        </Rows>
      );
  }
}

const Rows = ({ children }: { readonly children: ComponentChildren }) => <div class="pass-rows">{children}</div>;

function Row({ row, class: name }: { readonly row: FieldRow; readonly class: string }) {
  if (row.fields.length === 0) return null;
  return (
    <dl class={name} data-fit={row.fit < 100 ? row.fit : undefined}>
      {row.fields.map((field) => (
        <Field key={field.key} field={field} />
      ))}
    </dl>
  );
}

const Field = ({ field: { label, value, alignment } }: { readonly field: FrontField }) => (
  <div class="pass-field" data-align={alignment}>
    {label && <dt dir="auto">{label}</dt>}
    <dd dir="auto">{value}</dd>
  </div>
);

const Poster = ({ image }: { readonly image: PassImage | undefined }) =>
  image ? <Picture class="pass-artwork" image={image} /> : null;

const Picture = ({ image, class: name, alt = "" }: { image: PassImage; class: string; alt?: string }) => (
  <img class={name} src={image.src} srcset={image.srcset} width={image.width} height={image.height} alt={alt} />
);

/** A barcode on white, with the text that goes under it. */
export function Code({ barcode, texts }: { readonly barcode: Barcode; readonly texts: PreviewTexts }) {
  const { svg, square, altText } = barcode;
  return (
    <figure class="pass-code" data-square={square ? "" : undefined}>
      <div
        class="pass-code-bars"
        role="img"
        aria-label={texts.barcode}
        // Drawn here, from nothing but shapes.
        dangerouslySetInnerHTML={{ __html: svg }}
      />
      {altText && (
        <figcaption class="pass-code-text" dir="auto">
          {altText}
        </figcaption>
      )}
    </figure>
  );
}
