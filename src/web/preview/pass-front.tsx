/** @jsxImportSource preact */
import type { ComponentChildren } from "preact";
import type { FieldRow, FrontField } from "./field-rows.ts";
import { PassCode } from "./pass-code.tsx";
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
  const { style, look, images, barcode, ended } = view;
  const backdrop = images.artwork ?? images.background;
  return (
    <article
      class="pass"
      id={id}
      data-style={style}
      data-look={look}
      data-ended={ended}
      lang={view.language}
      aria-label={view.description || view.organization}
    >
      <div class="pass-card">
        {backdrop && <Picture class={style === "posterGeneric" ? "pass-artwork" : "pass-backdrop"} image={backdrop} />}
        <Head view={view} />
        <Body view={view} />
        {images.footer && <Picture class="pass-footer" image={images.footer} />}
        {barcode && <PassCode barcode={barcode} texts={texts} />}
      </div>
      {ended && <p class="pass-ended">{ended === "voided" ? texts.voided : texts.expired}</p>}
    </article>
  );
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
  const { look, images, primary, rows, transitType } = view;
  const small = rows.map((row, i) => <Row key={i} row={row} class="pass-row" />);
  switch (look) {
    case "strip":
      return (
        <>
          <div class="pass-strip">
            {images.strip && <Picture class="pass-strip-image" image={images.strip} />}
            <Row row={primary} class="pass-primary" />
          </div>
          <Rows>{small}</Rows>
        </>
      );
    case "lead":
      return (
        <Rows>
          <div class="pass-lead">
            <div class="pass-lead-fields">
              <Row row={primary} class="pass-primary" />
              {small[0]}
            </div>
            {images.thumbnail && <Picture class="pass-thumbnail" image={images.thumbnail} />}
          </div>
          {small.slice(1)}
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
          <Rows>{small}</Rows>
        </>
      );
    case "poster":
      return (
        <Rows>
          <Row row={primary} class="pass-primary" />
          {small}
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

const Picture = ({ image, class: name, alt = "" }: { image: PassImage; class: string; alt?: string }) => (
  <img class={name} src={image.src} srcset={image.srcset} width={image.width} height={image.height} alt={alt} />
);
