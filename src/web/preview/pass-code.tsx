/** @jsxImportSource preact */
import type { Barcode } from "./barcode.ts";
import type { PreviewTexts } from "./preview-texts.ts";

/** A barcode on white, with the text that goes under it. */
export function PassCode({ barcode, texts }: { readonly barcode: Barcode; readonly texts: PreviewTexts }) {
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
