/** @jsxImportSource preact */
import { textsFor } from "../../../landing/texts/index.ts";
import { PassFront } from "../../../preview/pass-front.tsx";
import type { PassView } from "../../../preview/pass-view.ts";

export const PREVIEW_TEXTS = textsFor(["en"]).preview;

/** A pass as a small picture beside its name: nothing to read or to reach in it. */
export const PassThumbnail = ({ view, id }: { view: PassView; id: string }) => (
  <div class="thumbnail" aria-hidden="true" inert>
    <PassFront view={view} texts={PREVIEW_TEXTS} id={id} />
  </div>
);
